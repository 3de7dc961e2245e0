import { defineTransform, type Service, type Transform, type TransformPlugin } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { describeTransformContract } from '../../src/contracts/transform/describe-transform.ts';
import { transformCases } from '../../src/contracts/transform/transform-cases.ts';
import type { TransformHarness } from '../../src/contracts/transform/transform-harness.ts';
import { endpoint } from '../../src/data/endpoint.ts';
import { service } from '../../src/data/service.ts';
import { strictSchema } from './strict-schema.ts';

function harness(create: () => Transform): TransformHarness<object> {
  const plugin: TransformPlugin<object> = defineTransform<object, object>({
    type: 'test',
    description: 'A transform of the tests.',
    options: strictSchema<object>({}),
    create,
  });
  return {
    plugin,
    packageType: 'test',
    load: async () => ({ default: plugin }),
    options: {},
    services: [service('/a', { endpoints: 2 }), service('/b', { labels: { weight: '5' } }), service('/c')],
  };
}

/** Gives `/b` another protocol, once for each object. */
function createTransform(): Transform {
  const results = new WeakMap<Service, Service>();
  return {
    transform: (services) =>
      services.map((item) => {
        if (item.labels.weight !== '5') return item;
        const result = results.get(item) ?? { ...item, appProtocol: 'http' as const };
        results.set(item, result);
        return result;
      }),
  };
}

describeTransformContract('a transform without flaws', harness(createTransform));

const map = (change: (item: Service, index: number) => Service): (() => Transform) => {
  return () => ({ transform: (services) => services.map(change) });
};

/** What each flaw breaks: the case has to reject, with this in its message. */
const broken: readonly [flaw: string, create: () => Transform, test: keyof typeof transformCases, message: RegExp][] = [
  ['does nothing', map((item) => item), 'changes some of its sample and leaves some as they are', /proves nothing/],
  [
    'answers later',
    () => ({ transform: (async () => []) as never }),
    'answers at once, with an iterable',
    /synchronous/,
  ],
  ['gives nothing', () => ({ transform: (() => undefined) as never }), 'answers at once, with an iterable', /iterated/],
  [
    'makes invalid services',
    map((item) => ({ ...item, port: 0 })),
    'gives valid services that can be frozen',
    /port 0/,
  ],
  [
    'changes its input',
    map((item) => Object.assign(item, { port: 1 })),
    'leaves its input as it is',
    /input was changed/,
  ],
  ['makes up ids', map((item) => ({ ...item, id: `${item.id}x` })), 'never changes or makes up an id', /not one of/],
  [
    'doubles services',
    () => ({ transform: (services) => [...services, ...services] }),
    'never changes or makes up an id',
    /twice/,
  ],
  [
    'copies what it does not change',
    map((item) => ({ ...item })),
    'returns an unchanged service as the same object',
    /a copy/,
  ],
  [
    'makes new objects each time',
    map((item) => ({ ...item, port: 1 })),
    'returns the same objects for the same services',
    /another object/,
  ],
  [
    'is random',
    map((item) => ({ ...item, port: 1 + Math.floor(Math.random() * 65_000) })),
    'gives equal answers as another instance',
    /.*/,
  ],
  [
    'counts',
    map((item, index) => ({ ...item, port: index + 1 })),
    'does not depend on the order of services',
    /another answer/,
  ],
  ['invents services', () => ({ transform: () => [service('/new')] }), 'gives nothing for nothing', /.*/],
  [
    'chokes on odd text',
    map((item) => {
      encodeURIComponent(item.name);
      return item;
    }),
    'survives hostile text',
    /malformed/,
  ],
  [
    'keeps to itself what it did',
    () => ({ ...createTransform(), explain: () => [] }),
    'explains what it changed or took out, in single lines',
    /not explained/,
  ],
  [
    'explains in paragraphs',
    () => ({ ...createTransform(), explain: () => ['one\ntwo'] }),
    'explains what it changed or took out, in single lines',
    /lines of text/,
  ],
  [
    'explains what it never saw',
    () => ({ ...createTransform(), explain: () => ['it was me'] }),
    'explains what it changed or took out, in single lines',
    /never came/,
  ],
  [
    'ignores the abort',
    () => ({
      ...createTransform(),
      async *changes() {
        await new Promise(() => {});
        yield 1;
      },
    }),
    'ends changes() when it is aborted',
    /goes on/,
  ],
  [
    'leaves a timer',
    () => ({
      ...createTransform(),
      async *changes({ signal }) {
        setInterval(() => {}, 1_000);
        yield signal;
      },
    }),
    'ends changes() when it is aborted',
    /left open/,
  ],
];

describe('the contract finds a transform that', () => {
  test.each(broken)('%s', async (_, create, title, message) => {
    await expect(transformCases[title](harness(create))).rejects.toThrow(message);
  });

  test('sends wild addresses', async () => {
    const create = map((item) => ({ ...item, endpoints: [endpoint({ address: '[::1]' })] }));
    await expect(transformCases['gives valid services that can be frozen'](harness(create))).rejects.toThrow(/\[::1\]/);
  });
});
