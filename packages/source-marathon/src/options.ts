import type { TlsOptions } from '@signalbox/source-kit';
import { duration, isBaseUrl, tlsSchema } from '@signalbox/source-kit/schemas';
import { z } from 'zod';
import { authSchema, type MarathonAuthOptions } from './auth/auth-options.ts';

export interface MarathonOptions {
  /**
   * Base URLs of the Marathon masters, at least one; a path prefix (`/service/marathon`) and `user:password@` may be part of
   * them. List every master: the event stream is read from the leader, and requests go to the next one when one fails.
   */
  readonly urls: readonly string[];
  /** How to authenticate to masters whose URL carries no credentials. */
  readonly auth?: MarathonAuthOptions;
  readonly tls?: TlsOptions;
  /**
   * Which address of a task to use. `auto` (default): the agent's address and port where there is one, else the task's own.
   * `agent`: only the agent's. `task`: the task's own in container networks, for a balancer that stands on them.
   */
  readonly address?: 'auto' | 'agent' | 'task';
  /** Label selector evaluated by Marathon, e.g. `HAPROXY_GROUP==external`. Apps that do not match are not read at all; nor are pods, for which Marathon has no selector. */
  readonly label?: string;
  /** Longest time for one request and its whole answer. Default 30000. */
  readonly requestTimeoutMs?: number;
  /**
   * `auto` (default): follow the event stream; a Marathon that says that it has none (0.8) is polled.
   * `off`: poll, for networks where the stream cannot pass.
   */
  readonly stream?: 'auto' | 'off';
  /** Longest silence of the event stream, where Marathon sends a line every 10 seconds. Default 30000. */
  readonly streamIdleTimeoutMs?: number;
  /** How long to collect events before the apps that they name are read. Losses of endpoints do not wait. Default 100. */
  readonly coalesceMs?: number;
  /** How often everything is read again, whatever the events said. Default 120000. */
  readonly resyncMs?: number;
  /** How often everything is read while there is no event stream. Default 10000. */
  readonly pollIntervalMs?: number;
}

export type ResolvedMarathonOptions = z.infer<typeof optionsSchema>;

export const optionsSchema = z.strictObject({
  urls: z
    .array(z.string().refine(isBaseUrl, { message: 'expected an http:// or https:// URL without query and fragment' }))
    .min(1)
    .meta({
      description: 'Base URLs of the Marathon masters. A path prefix and user:password@ may be part of them.',
    }),
  auth: authSchema.optional().meta({ description: 'How to authenticate to masters whose URL carries no credentials.' }),
  tls: tlsSchema.optional().meta({ description: 'How to verify the masters, and how to identify to them.' }),
  address: z.enum(['auto', 'agent', 'task']).default('auto').meta({
    description: "Which address of a task to use: the agent's where there is one (auto), only that, or the task's own.",
  }),
  label: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Label selector, evaluated by Marathon. Pods, for which it has none, are then not read.' }),
  requestTimeoutMs: duration(30_000).meta({ description: 'Longest time for one request and its whole answer.' }),
  stream: z.enum(['auto', 'off']).default('auto').meta({
    description: 'Follow the event stream (auto; a Marathon without one is polled), or poll (off).',
  }),
  streamIdleTimeoutMs: duration(30_000).meta({ description: 'Longest silence of the event stream.' }),
  coalesceMs: duration(100, 0).meta({
    description: 'How long to collect events before the apps that they name are read.',
  }),
  resyncMs: duration(120_000).meta({ description: 'How often everything is read again.' }),
  pollIntervalMs: duration(10_000).meta({
    description: 'How often everything is read while there is no event stream.',
  }),
});
