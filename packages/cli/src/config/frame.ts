import type { OptionsSchema } from '@signalbox/core';
import { z } from 'zod';
import { parseListenAddress } from '../admin/listen-address.ts';

/** The file without the options of plugins, after durations were read. */
export interface Frame {
  readonly version: 1;
  readonly stateDir?: string;
  readonly sources: Readonly<Record<string, SourceFrame>>;
  readonly transforms?: readonly PluginFrame[];
  readonly sinks: Readonly<Record<string, SinkFrame>>;
  readonly guards?: GuardFrame;
  readonly settle?: SettleFrame;
  readonly resyncMs?: number;
  readonly retry?: RetryFrame;
  readonly admin?: AdminFrame;
}

export interface AdminFrame {
  readonly listen: string;
}

export interface PluginFrame {
  readonly type: string;
  readonly options?: unknown;
}

export interface SourceFrame extends PluginFrame {
  readonly transforms?: readonly PluginFrame[];
  readonly required?: boolean;
  readonly guards?: GuardFrame;
}

export interface SinkFrame extends PluginFrame {
  readonly transforms?: readonly PluginFrame[];
  readonly settle?: SettleFrame;
  readonly resyncMs?: number;
}

export interface GuardFrame {
  readonly maxRemovedPercent?: number;
  readonly toleratedRemovals?: number;
  readonly minEndpoints?: number;
  readonly onEmpty?: 'keep' | 'hold' | 'apply';
  readonly holdTimeoutMs?: number;
}

export interface RetryFrame {
  readonly initialMs?: number;
  readonly maxMs?: number;
}

export interface SettleFrame {
  readonly minMs?: number;
  readonly maxMs?: number;
}

const durationMs = z.number().nonnegative();

const pluginFields = {
  type: z.string().min(1).meta({
    description:
      'A bare word for an official plugin (marathon), npm:<name> or @scope/name for a package, ./file.js for a module beside this file.',
  }),
  options: z.record(z.string(), z.unknown()).optional().meta({ description: 'The options of the plugin.' }),
};

const transforms = z.array(z.strictObject(pluginFields)).optional();

const guards = z
  .strictObject({
    maxRemovedPercent: z.number().min(0).max(100).optional().meta({
      description:
        "Share of a service's endpoints, or of all endpoints of the source, that may vanish at once. Default 50; 100 switches the rule off.",
    }),
    toleratedRemovals: z.int().nonnegative().optional().meta({
      description: 'The percentage counts only when more endpoints than this vanish at once. Default 4.',
    }),
    minEndpoints: z.int().nonnegative().optional().meta({
      description: 'Endpoints that a service keeps at least, as far as it had them. Default 0.',
    }),
    onEmpty: z.enum(['keep', 'hold', 'apply']).optional().meta({
      description:
        'A source that had services and now has none: keep the last set, hold it until the hold times out, or apply it. Default keep.',
    }),
    holdTimeoutMs: durationMs.optional().meta({
      description: 'A hold ends after this time, and the loss is applied. Default 10m.',
    }),
  })
  .optional();

const settle = z
  .strictObject({
    minMs: durationMs.optional().meta({ description: 'Quiet time after the last change. Default 200ms.' }),
    maxMs: durationMs.optional().meta({ description: 'Longest wait since the first change. Default 2s.' }),
  })
  .optional();

const resyncMs = z.number().positive('expected a time above 0').optional();

const id = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*$/)
  .meta({ description: 'names start with a letter or a digit and go on with letters, digits, ".", "_" and "-"' });

const source = z.strictObject({
  ...pluginFields,
  transforms: transforms.meta({ description: 'Applied to the services of this source alone, before all others.' }),
  required: z.boolean().optional().meta({
    description: 'Nothing is applied before every required source has answered once. Default true.',
  }),
  guards: guards.meta({ description: "Overrides the file's guards for this source, key by key." }),
});

const sink = z.strictObject({
  ...pluginFields,
  transforms: transforms.meta({ description: 'Applied for this sink alone, after all others.' }),
  settle: settle.meta({ description: "Overrides the file's settle times for this sink, key by key." }),
  resyncMs: resyncMs.meta({ description: 'Overrides the resync time for this sink.' }),
});

const schema = z.strictObject({
  version: z
    .literal(1, {
      error: ({ input }) => (typeof input === 'number' ? 'this Signalbox reads version 1' : undefined),
    })
    .meta({ description: 'The version of this file format.' }),
  stateDir: z.string().min(1).optional().meta({
    description: 'Where the last known good state is kept. Default: .signalbox beside this file.',
  }),
  sources: z
    .record(id, source)
    .refine((sources) => Object.keys(sources).length > 0, 'expected at least one source')
    .meta({ description: 'Where services come from, keyed by a name of your choice.' }),
  transforms: transforms.meta({ description: 'Applied in order to the services of all sources.' }),
  sinks: z
    .record(id, sink)
    .refine((sinks) => Object.keys(sinks).length > 0, 'expected at least one sink')
    .meta({ description: 'What is kept in step, keyed by a name of your choice.' }),
  guards: guards.meta({ description: 'Rules that may hold back losses which look like a hiccup, for every source.' }),
  settle: settle.meta({ description: 'Waits for quiet before planning, for every sink. Losses do not wait.' }),
  resyncMs: resyncMs.meta({
    description: 'Time between two plans when nothing changed, so that drift is found. Default 1m.',
  }),
  retry: z
    .strictObject({
      initialMs: durationMs.optional().meta({ description: 'Bound of the first wait. Default 500ms.' }),
      maxMs: durationMs.optional().meta({ description: 'Bound of every wait. Default 10s.' }),
    })
    .optional()
    .meta({ description: 'Random waits between attempts of what failed; their bound doubles with every failure.' }),
  admin: z
    .strictObject({
      listen: z
        .string()
        .refine(
          (text) => parseListenAddress(text) !== undefined,
          'expected an address and a port, such as 127.0.0.1:9090',
        )
        .meta({ description: 'Address and port, such as 127.0.0.1:9090, [::1]:9090 or *:9090.' }),
    })
    .optional()
    .meta({ description: 'Metrics, health and status of "signalbox run" over HTTP, read only. Default: nowhere.' }),
});

export const frameSchema: OptionsSchema<unknown> = schema;
