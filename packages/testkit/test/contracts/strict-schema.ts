import type { OptionsSchema } from '@signalbox/core';

type Property = Readonly<Record<string, unknown>>;

/** A schema by hand: takes any value for the keys that it knows and refuses every other key. */
export function strictSchema<Options>(properties: Readonly<Record<string, Property>>): OptionsSchema<Options> {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate(value) {
        const unknown = Object.keys(Object(value)).filter((key) => !Object.hasOwn(properties, key));
        if (unknown.length === 0) return { value: value as Options };
        return { issues: unknown.map((key) => ({ message: `unknown key "${key}"`, path: [key] })) };
      },
      jsonSchema: {
        input: () => ({ type: 'object', properties, additionalProperties: false }),
      },
    },
  };
}
