import { parseDnsServer } from '@signalbox/source-kit/dns';
import { isHostname } from '@signalbox/source-kit/documents';
import { duration } from '@signalbox/source-kit/schemas';
import { z } from 'zod';

export interface DnsOptions {
  /** What to ask for, at least one name. Names of one service, such as one for each site, are joined. */
  readonly names: readonly DnsName[];
  /** DNS servers to ask, `host` or `host:port`; the next one when one fails. Default those of the system. */
  readonly servers?: readonly string[];
  /**
   * `auto` (default): UDP, and TCP when the answer says that it is cut off. `tcp`: TCP alone, for servers that send a part of the records
   * without saying so, as Consul does over UDP.
   */
  readonly transport?: 'auto' | 'tcp';
  /** Shortest time between two questions for one name, however short the TTL of its records. Default 1000. */
  readonly minPollIntervalMs?: number;
  /** Longest time between two questions for one name, however long the TTL of its records. Default 30000. */
  readonly maxPollIntervalMs?: number;
  /** Longest time for one question to one server, which is asked twice. Default 2000. */
  readonly requestTimeoutMs?: number;
}

export interface DnsName {
  /** A whole name such as `_http._tcp.shop.example`; the system's search domains are not added. */
  readonly name: string;
  /** Default `SRV`. */
  readonly type?: 'SRV' | 'A' | 'AAAA';
  /** The name of the service. Default the name, without `_http._tcp` before it. */
  readonly service?: string;
  /** The stable port that clients use. Default none. */
  readonly port?: number;
  /** The port of the endpoints; needed with the types `A` and `AAAA`, which name none. */
  readonly endpointPort?: number;
  /** Whether a name that exists without such records says that nothing runs. Default false: then nobody knows. */
  readonly allowEmpty?: boolean;
}

export type ResolvedDnsOptions = z.infer<typeof optionsSchema>;
export type ResolvedDnsName = ResolvedDnsOptions['names'][number];

const port = z.int().min(1).max(65_535);

const nameSchema = z
  .strictObject({
    name: z
      .string()
      .refine(isHostname, { message: 'expected a DNS name, such as _http._tcp.shop.example' })
      .meta({ description: 'A whole name; search domains are not added.' }),
    type: z.enum(['SRV', 'A', 'AAAA']).default('SRV').meta({ description: 'Which records to ask for.' }),
    service: z.string().min(1).optional().meta({
      description: 'The name of the service. Default: the name, without `_http._tcp` before it.',
    }),
    port: port.optional().meta({ description: 'The stable port that clients use.' }),
    endpointPort: port
      .optional()
      .meta({ description: 'The port of the endpoints, for the types A and AAAA, which name none.' }),
    allowEmpty: z.boolean().default(false).meta({
      description: 'Whether a name that exists without such records says that nothing runs. Else nobody knows.',
    }),
  })
  .superRefine(({ type, endpointPort }, context) => {
    if ((type === 'SRV') === (endpointPort === undefined)) return;
    const message = type === 'SRV' ? 'SRV records name the port' : `needed with the type ${type}, which names no port`;
    context.addIssue({ code: 'custom', path: ['endpointPort'], message });
  });

export const optionsSchema = z
  .strictObject({
    names: z.array(nameSchema).min(1).meta({ description: 'What to ask for. Names of one service are joined.' }),
    servers: z
      .array(
        z.string().refine((text) => parseDnsServer(text) !== undefined, { message: 'expected a host, or host:port' }),
      )
      .min(1)
      .optional()
      .meta({
        description:
          'DNS servers to ask, as `host` or `host:port`; the next one when one fails. Default: those of the system.',
      }),
    transport: z.enum(['auto', 'tcp']).default('auto').meta({
      description: 'UDP, and TCP when an answer is cut off (auto), or TCP alone.',
    }),
    minPollIntervalMs: duration(1_000).meta({
      description: 'Shortest time between two questions for one name, however short the TTL of its records.',
    }),
    maxPollIntervalMs: duration(30_000).meta({
      description: 'Longest time between two questions for one name, however long the TTL of its records.',
    }),
    requestTimeoutMs: duration(2_000).meta({
      description: 'Longest time for one question to one server, which is asked twice.',
    }),
  })
  .superRefine(({ names, minPollIntervalMs, maxPollIntervalMs }, context) => {
    if (minPollIntervalMs > maxPollIntervalMs) {
      const message = 'less than "minPollIntervalMs"';
      context.addIssue({ code: 'custom', path: ['maxPollIntervalMs'], message });
    }
    const seen = new Set<string>();
    for (const [index, { name, type }] of names.entries()) {
      const key = `${type} ${name.toLowerCase().replace(/\.$/, '')}`;
      if (seen.has(key)) context.addIssue({ code: 'custom', path: ['names', index], message: `${key} is there twice` });
      seen.add(key);
    }
  });
