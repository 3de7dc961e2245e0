import { defineTransform, type OptionsSchema, type Transform } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { pluginCases } from '../../src/contracts/plugin/plugin-cases.ts';
import type { PluginSubject } from '../../src/contracts/plugin/plugin-harness.ts';
import { strictSchema } from './strict-schema.ts';

const idle: Transform = { transform: (services) => services };
const described = { keep: { type: 'string', description: 'What is kept.' } };

interface Parts {
  readonly options?: OptionsSchema<object>;
  readonly create?: (options: object) => Transform;
  readonly subject?: Partial<PluginSubject>;
  readonly type?: string;
}

function subject({
  options = strictSchema(described),
  create = () => idle,
  subject = {},
  type = 'test',
}: Parts): PluginSubject {
  const plugin = defineTransform<object, object>({ type, description: 'A plugin of the tests.', options, create });
  return {
    kind: 'transform',
    plugin,
    packageType: 'test',
    load: async () => ({ default: plugin }),
    loadAgain: async () => {},
    withOptions: (body) => body({ keep: '*' }),
    ...subject,
  };
}

const lax: OptionsSchema<object> = {
  '~standard': { ...strictSchema<object>(described)['~standard'], validate: (value) => ({ value: value as object }) },
};
const secret = {
  auth: { type: 'object', description: 'Who.', properties: { password: { type: 'string', description: 'x' } } },
};

/** What each flaw breaks: the case has to reject, with this in its message. */
const broken: readonly [flaw: string, parts: Parts, test: keyof typeof pluginCases, message: RegExp][] = [
  [
    'exports something else',
    { subject: { load: async () => ({ default: {} }) } },
    'is the default export of its entry',
    /default export/,
  ],
  [
    'opens a timer on import',
    { subject: { loadAgain: async () => void setInterval(() => {}, 1_000) } },
    'opens nothing when it is imported',
    /left open: 1 Timeout/,
  ],
  [
    'opens a timer when it is created',
    {
      create: () => {
        setInterval(() => {}, 1_000);
        return idle;
      },
    },
    'opens nothing when it is created',
    /left open: 1 Timeout/,
  ],
  ['has another type than its package', { type: 'other' }, 'describes itself', /the package promises/],
  ['has a type with capitals', { type: 'Test' }, 'describes itself', /lower-case/],
  ['is of another kind', { subject: { kind: 'sink' } }, 'describes itself', /is a transform, not a sink/],
  [
    'does not describe an option',
    { options: strictSchema({ keep: { type: 'string' } }) },
    'describes its options',
    /\\?"keep\\?" has no description/,
  ],
  ['shows a secret', { options: strictSchema(secret) }, 'describes its options', /auth.password.*writeOnly/s],
  [
    'has a duration without unit',
    { options: strictSchema({ timeout: { type: 'integer', description: 'x' } }) },
    'describes its options',
    /ends in Ms/,
  ],
  ['takes unknown options', { options: lax }, 'rejects an unknown option', /was accepted/],
  [
    'changes its options',
    {
      create: (options) => {
        Object.assign(options, { keep: 'x' });
        return idle;
      },
    },
    'accepts frozen options',
    /read only/,
  ],
];

describe('the contract finds a plugin that', () => {
  test.each(broken)('%s', async (_, parts, title, message) => {
    await expect(pluginCases[title](subject(parts))).rejects.toThrow(message);
  });
});

describe('the contract passes a plugin without flaws:', () => {
  test.each(Object.entries(pluginCases))('%s', (_, run) => run(subject({})));
});
