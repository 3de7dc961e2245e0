import type { AuthOptions, TlsOptions } from '@signalbox/source-kit';
import { authSchema, duration, tlsSchema } from '@signalbox/source-kit/schemas';
import { z } from 'zod';
import { isEndpointUrl } from './reading/parse-endpoints.ts';

export interface HttpOptions {
  /**
   * Where the list of services is, at least one URL; a query and `user:password@` may be part of it. All must say the same: one is read,
   * and the next one when it fails.
   */
  readonly urls: readonly string[];
  /** The label of a Prometheus target group that names its service. Default `job`. */
  readonly serviceLabel?: string;
  /** The name of the service of target groups without that label. Default the id of the source. */
  readonly serviceName?: string;
  /** How to authenticate to servers whose URL carries no credentials. */
  readonly auth?: AuthOptions;
  readonly tls?: TlsOptions;
  /** Mean time between two polls; each differs by up to a tenth. Default 10000. */
  readonly pollIntervalMs?: number;
  /** Longest time for one request and its whole answer. Default 10000. */
  readonly requestTimeoutMs?: number;
}

export type ResolvedHttpOptions = z.infer<typeof optionsSchema>;

export const optionsSchema = z.strictObject({
  urls: z
    .array(z.string().refine(isEndpointUrl, { message: 'expected an http:// or https:// URL without fragment' }))
    .min(1)
    .meta({
      description:
        'Where the list of services is. The next URL is read when one fails, so all must say the same. A query and user:password@ may be part of them.',
    }),
  serviceLabel: z
    .string()
    .min(1)
    .default('job')
    .meta({ description: 'The label of a Prometheus target group that names its service.' }),
  serviceName: z.string().min(1).optional().meta({
    description: 'The name of the service of target groups without that label. Default: the id of the source.',
  }),
  auth: authSchema
    .optional()
    .meta({ description: 'How to authenticate to servers whose URL carries no credentials. One of the following.' }),
  tls: tlsSchema.optional().meta({ description: 'How to verify the servers, and how to identify to them.' }),
  pollIntervalMs: duration(10_000).meta({
    description: 'Mean time between two polls; each differs by up to a tenth.',
  }),
  requestTimeoutMs: duration(10_000).meta({ description: 'Longest time for one request and its whole answer.' }),
});
