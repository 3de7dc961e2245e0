import { z } from 'zod';
import { selectorsSchema } from '../schema/selector-schema.ts';
import type { MergeOptions, MergeOrigin } from './merge-options.ts';

const originSchema = z
  .strictObject({
    match: selectorsSchema.meta({ description: 'The services that come from this origin.' }),
    percent: z.number().min(0).max(100).optional().meta({
      description:
        "Share of the pool's traffic, whatever the number of endpoints. Origins without it share what is left.",
    }),
    weight: z
      .number()
      .min(0)
      .max(256)
      .optional()
      .meta({ description: 'Multiplies the weights of its endpoints. Default 1. Not together with `percent`.' }),
    priority: z.int().optional().meta({
      description:
        'Origins of a lower priority take traffic only while no endpoint of a higher one can. Default 0, higher first.',
    }),
  })
  .refine(
    ({ percent, weight }) => percent === undefined || weight === undefined,
    'expected percent or weight, not both',
  );

const poolSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'What the merged service is called. Default: the name of its primary.' }),
    by: z
      .union(
        [
          z.enum(['name', 'port', 'route']),
          z.strictObject({ label: z.string().min(1).meta({ description: 'The label whose value services share.' }) }),
        ],
        { error: 'expected name, port, route, or { label: <name> }' },
      )
      .optional()
      .meta({
        description:
          'What services share that become one: `name` or a label (and the name of the port), `port`, or `route`. Each value makes a pool of its own. Without it, all that the origins match is one pool.',
      }),
    origins: z.array(originSchema).min(1).optional().meta({
      description: 'In the order in which they lend id, routes, port and policies. Default: one with every service.',
    }),
  })
  .superRefine(({ by, origins = [] }, context) => {
    if (by === undefined && origins.length === 0) {
      context.addIssue({ code: 'custom', message: 'expected by, origins or both' });
    }
    for (const message of findWrongPercentages(origins as readonly MergeOrigin[])) {
      context.addIssue({ code: 'custom', path: ['origins'], message });
    }
  });

export const mergeOptionsSchema = z.strictObject({
  pools: z.array(poolSchema).min(1).meta({ description: 'A service belongs to the first pool that wants it.' }),
}) as unknown as z.ZodType<MergeOptions>;

/** Shares are those of one priority: only its origins take traffic at the same time. */
function* findWrongPercentages(origins: readonly MergeOrigin[]): Iterable<string> {
  for (const priority of new Set(origins.map((origin) => origin.priority ?? 0))) {
    const percentages = origins.filter((origin) => (origin.priority ?? 0) === priority).map(({ percent }) => percent);
    const total = percentages.reduce<number>((sum, percent) => sum + (percent ?? 0), 0);
    const isComplete = !percentages.includes(undefined);
    if (total > 100 + tolerance || (isComplete && total < 100 - tolerance)) {
      yield `the percentages of priority ${priority} add up to ${total}, not 100; leave one out, and it gets the rest`;
    }
  }
}

/** So that 33.3, 33.3 and 33.4 are enough. */
const tolerance = 0.001;
