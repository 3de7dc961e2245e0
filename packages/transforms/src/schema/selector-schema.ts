import type { Selector, SelectorObject } from '@signalbox/core';
import { z } from 'zod';
import { explainUnion } from './explain-union.ts';

const pattern = z.string().min(1, 'an empty pattern matches nothing; use "*" for everything');

const patterns = z.union([pattern, z.array(pattern).min(1, 'an empty list matches nothing')], {
  error: explainUnion('a pattern such as "/shop/*", or a list of them'),
});

const port = z.int().min(1).max(65_535);

const selectorObject: z.ZodType<SelectorObject> = z
  .strictObject({
    id: patterns.optional().meta({ description: 'Patterns of the service id, such as `mesos:/shop/*#http`.' }),
    name: patterns.optional().meta({ description: 'Patterns of the service name, such as `/shop/*`.' }),
    source: patterns.optional().meta({ description: 'Patterns of the id of the source.' }),
    portName: patterns.optional().meta({ description: "Patterns of the port's name or index." }),
    port: z
      .union([port, z.array(port).min(1)], { error: explainUnion('a port from 1 to 65535, or a list of them') })
      .optional()
      .meta({ description: 'The stable service port, or several.' }),
    labels: z
      .record(
        z.string(),
        z.union([patterns, z.boolean()], { error: explainUnion('a pattern, a list of them, or a boolean') }),
      )
      .optional()
      .meta({
        description: 'Patterns of the values of labels; `true` for a label that exists, `false` for one that does not.',
      }),
    get any() {
      return z.array(selectorSchema).min(1).optional().meta({ description: 'At least one of these matches.' });
    },
    get all() {
      return z.array(selectorSchema).min(1).optional().meta({ description: 'All of these match.' });
    },
    get not() {
      return selectorSchema.optional().meta({ description: 'This does not match.' });
    },
  })
  .refine((selector) => Object.keys(selector).length > 0, {
    error: 'an empty selector; use "*" for every service',
    // An unknown key has been taken out by now; it was the user's idea of a selector, and is reported already.
    when: ({ issues }) => issues.length === 0,
  }) as never;

/** The one schema of core's selectors, for the options of every transform. */
export const selectorSchema: z.ZodType<Selector> = z.union([pattern, selectorObject], {
  error: explainUnion(
    'a name pattern such as "/shop/*", or an object with id, name, source, portName, port, labels, any, all or not',
  ),
});

/** One selector or several; a service matches when any of them does. */
export const selectorsSchema: z.ZodType<Selector | readonly Selector[]> = z.union(
  [selectorSchema, z.array(selectorSchema).min(1, 'an empty list matches nothing')],
  { error: explainUnion('a selector, or a list of selectors') },
);
