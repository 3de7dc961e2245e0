import { parseSelector, type Selector, type SelectorObject } from '@signalbox/core';
import { z } from 'zod';
import { explainUnion } from './explain-union.ts';

const pattern = z.string().min(1, 'an empty pattern matches nothing; use "*" for everything');

const patterns = z.union([pattern, z.array(pattern).min(1, 'an empty list matches nothing')], {
  error: explainUnion('a pattern such as "/shop/*", or a list of them'),
});

const port = z.int().min(1).max(65_535);

const ports = z.union([port, z.array(port).min(1)], {
  error: explainUnion('a port from 1 to 65535, or a list of them'),
});

const keyedPatterns = z.record(
  z.string(),
  z.union([patterns, z.boolean()], { error: explainUnion('a pattern, a list of them, or a boolean') }),
);

function oneOrMore<const Words extends readonly string[]>(words: Words) {
  const word = z.enum(words);
  const expectation = `${words.join(', ')}, or a list of them`;
  return z.union([word, z.array(word).min(1, 'an empty list matches nothing')], { error: explainUnion(expectation) });
}

const endpointSelector = z
  .strictObject({
    id: patterns.optional().meta({ description: 'Patterns of the id, such as that of a task.' }),
    address: patterns.optional().meta({ description: 'Patterns of the address.' }),
    port: ports.optional().meta({ description: 'The port, or several.' }),
    health: oneOrMore(['healthy', 'unhealthy', 'unknown'])
      .optional()
      .meta({ description: 'As the source reports it.' }),
    draining: z.boolean().optional().meta({ description: 'Whether it drains.' }),
    metadata: keyedPatterns
      .optional()
      .meta({ description: 'As for labels; for tasks of Mesos there are `agent`, `version`, `region` and `zone`.' }),
  })
  .refine((selector) => Object.keys(selector).length > 0, {
    error: 'an empty selector; leave endpoint out',
    when: ({ issues }) => issues.length === 0,
  });

const selectorObject: z.ZodType<SelectorObject> = z
  .strictObject({
    id: patterns.optional().meta({ description: 'Patterns of the service id, such as `mesos:/shop/*#http`.' }),
    name: patterns.optional().meta({ description: 'Patterns of the service name, such as `/shop/*`.' }),
    source: patterns.optional().meta({ description: 'Patterns of the id of the source.' }),
    portName: patterns.optional().meta({ description: "Patterns of the port's name or index." }),
    port: ports.optional().meta({ description: 'The stable service port, or several.' }),
    protocol: oneOrMore(['tcp', 'udp']).optional().meta({ description: '`tcp` or `udp`.' }),
    appProtocol: oneOrMore(['http', 'https', 'h2c']).optional().meta({ description: '`http`, `https` or `h2c`.' }),
    labels: keyedPatterns.optional().meta({
      description: 'Patterns of the values of labels; `true` for a label that exists, `false` for one that does not.',
    }),
    metadata: keyedPatterns.optional().meta({ description: 'The same for the facts that the source adds.' }),
    endpoint: endpointSelector.optional().meta({
      description: 'An endpoint for which all of this is true: any one of the service, or the one in question.',
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

/**
 * The language of the command line is easily taken for that of options. As a pattern it would match nothing, and a filter would let
 * nothing through. Who has a name like this writes `{ name: … }`.
 */
const namePattern = pattern.refine((text) => !isOneLine(text), {
  error: ({ input }) => `a text is a pattern of the name; write a map instead${renderMap(String(input))}`,
});

function isOneLine(text: string): boolean {
  return text.includes('=') || /\s(and|or|in)\s|^not\s/.test(text);
}

function renderMap(text: string): string {
  try {
    return `: ${JSON.stringify(parseSelector(text), undefined, 1).replace(/\n */g, ' ')}`;
  } catch {
    return '';
  }
}

/** The one schema of core's selectors, for the options of every transform. */
export const selectorSchema: z.ZodType<Selector> = z.union([namePattern, selectorObject], {
  error: explainUnion(
    'a name pattern such as "/shop/*", or an object with keys such as name, source, labels, endpoint, any, all or not',
  ),
});

/** One selector or several; a service matches when any of them does. */
export const selectorsSchema: z.ZodType<Selector | readonly Selector[]> = z.union(
  [selectorSchema, z.array(selectorSchema).min(1, 'an empty list matches nothing')],
  { error: explainUnion('a selector, or a list of selectors') },
);
