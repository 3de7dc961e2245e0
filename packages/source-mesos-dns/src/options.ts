import type { BasicAuthOptions, TlsOptions } from '@signalbox/source-kit';
import { parseDnsServer } from '@signalbox/source-kit/dns';
import { basicAuthSchema, duration, exactlyOneOf, isBaseUrl, tlsSchema } from '@signalbox/source-kit/schemas';
import { z } from 'zod';
import { parseServiceName } from './records/service-name.ts';

/** With exactly one of `urls` and `servers`. */
export interface MesosDnsOptions {
  /**
   * Base URLs of the HTTP API of Mesos-DNS, port 8123 by default; a path prefix and `user:password@` may be part of them.
   * The next one is asked when one fails, is frozen, or has not read Mesos yet.
   */
  readonly urls?: readonly string[];
  /** Mesos-DNS servers to ask by DNS, `host` or `host:port`. Needs `names`, and TCP as well as UDP. */
  readonly servers?: readonly string[];
  /**
   * SRV names without `.slave`, such as `_http._web._tcp.marathon.mesos`. Needed with `servers`, and over HTTP where `EnumerationOn` is
   * false; not used where everything can be listed.
   */
  readonly names?: readonly string[];
  /** The option `domain` of Mesos-DNS, where it does not say it itself. Default `mesos`. */
  readonly domain?: string;
  /** Only tasks of these frameworks, such as `marathon`. Default all. */
  readonly frameworks?: readonly string[];
  /**
   * Which address of a task to use. `auto` (default): for each port the agent's address if it is a port of the agent, else the task's own.
   * `agent`: only ports of agents. `task`: the task's own address as Mesos-DNS has it, which is wrong for bridged containers.
   */
  readonly address?: 'auto' | 'agent' | 'task';
  /** How to authenticate to a proxy in front of the HTTP API; Mesos-DNS has no authentication. For URLs without credentials. */
  readonly auth?: MesosDnsAuthOptions;
  readonly tls?: TlsOptions;
  /** Mean time between two polls; each differs by up to a tenth. By DNS, a shorter TTL counts. Default 10000. */
  readonly pollIntervalMs?: number;
  /** Longest time for one HTTP request and its whole answer; a DNS question is given 2000 at most. Default 10000. */
  readonly requestTimeoutMs?: number;
  /** Age of the records above which they are not believed. Default three times what Mesos-DNS says that it refreshes by, else 180000. */
  readonly staleAfterMs?: number;
  /**
   * How long endpoints stay whose agents a new leading master does not know yet. Default 600000, after which Mesos itself gives such
   * agents up (`agent_reregister_timeout`); 0 to believe every answer.
   */
  readonly failoverHoldMs?: number;
}

export interface MesosDnsAuthOptions {
  readonly basic: BasicAuthOptions;
}

export type ResolvedMesosDnsOptions = z.infer<typeof optionsSchema>;

export const optionsSchema = z
  .strictObject({
    urls: z
      .array(
        z.string().refine(isBaseUrl, { message: 'expected an http:// or https:// URL without query and fragment' }),
      )
      .min(1)
      .optional()
      .meta({
        description:
          'Base URLs of the HTTP API of Mesos-DNS, as a rule with port 8123. A path prefix and user:password@ may be part of them.',
      }),
    servers: z
      .array(
        z.string().refine((text) => parseDnsServer(text) !== undefined, { message: 'expected a host, or host:port' }),
      )
      .min(1)
      .optional()
      .meta({ description: 'Mesos-DNS servers to ask by DNS instead, as `host` or `host:port`. Needs `names`.' }),
    names: z.array(z.string()).min(1).optional().meta({
      description:
        'SRV names to ask for by DNS, or over HTTP where not everything can be listed (`EnumerationOn: false`).',
    }),
    domain: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, 'expected a domain in lower case, without a dot at the end')
      .default('mesos')
      .meta({ description: 'The domain of Mesos-DNS, where it does not say it itself.' }),
    frameworks: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta({ description: 'Only tasks of these frameworks, such as `marathon`. Default: all.' }),
    address: z.enum(['auto', 'agent', 'task']).default('auto').meta({
      description:
        "Which address of a task to use: the agent's for ports of the agent and else the task's own (auto), only the former, or the task's own.",
    }),
    auth: z
      .strictObject({ basic: basicAuthSchema.meta({ description: 'HTTP basic authentication.' }) })
      .optional()
      .meta({ description: 'How to authenticate to a proxy in front of the HTTP API.' }),
    tls: tlsSchema
      .optional()
      .meta({ description: 'How to verify a proxy in front of the HTTP API, and how to identify to it.' }),
    pollIntervalMs: duration(10_000).meta({
      description: 'Mean time between two polls; each differs by up to a tenth.',
    }),
    requestTimeoutMs: duration(10_000).meta({ description: 'Longest time for one request and its whole answer.' }),
    staleAfterMs: duration(180_000).removeDefault().optional().meta({
      description: 'Age of the records above which they are not believed. Default: three refreshes of Mesos-DNS.',
    }),
    failoverHoldMs: duration(600_000, 0).meta({
      description: 'How long endpoints stay whose agents a new leading master does not know yet.',
    }),
  })
  .superRefine(exactlyOneOf('urls', 'servers'))
  .superRefine(({ servers, names, domain }, context) => {
    if (servers !== undefined && names === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['names'],
        message: 'needed with "servers": by DNS nothing can be listed',
      });
    }
    for (const [index, name] of (names ?? []).entries()) {
      if (parseServiceName(name, domain)?.view === 'task') continue;
      const message = `expected an SRV name such as _web._tcp.marathon.${domain}, without ".slave"`;
      context.addIssue({ code: 'custom', path: ['names', index], message });
    }
  });
