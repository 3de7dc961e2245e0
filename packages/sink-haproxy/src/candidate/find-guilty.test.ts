import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Backend, Desired } from '../desired/model.ts';
import { findGuilty } from './find-guilty.ts';

it('finds exactly the guilty ones, wherever they stand, in few checks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(63), { maxLength: 4 }), async (bad) => {
      let checks = 0;
      const guilty = await findGuilty(desired(64), async ({ backends }) => {
        checks += 1;
        return bad.some((index) => backends.has(`a_${index}`)) ? new Error('refused') : undefined;
      });
      expect(new Set(guilty?.map(({ backend }) => backend.name))).toEqual(new Set(bad.map((index) => `a_${index}`)));
      expect(checks).toBeLessThanOrEqual(2 + bad.length * 7);
    }),
  );
});

it('blames nobody when the settings themselves are refused', async () => {
  expect(await findGuilty(desired(3), async () => new Error('refused'))).toBeUndefined();
});

function desired(count: number): Desired {
  const backends = new Map<string, Backend>();
  for (let index = 0; index < count; index += 1) {
    const name = `a_${index}`;
    backends.set(name, {
      name,
      serviceId: name,
      mode: 'http',
      lines: [],
      serverSettings: '',
      checked: false,
      draining: new Set(),
      servers: new Map(),
    });
  }
  const maps = { exact: new Map(), prefix: new Map(), port: new Map(), sni: new Map(), spare: new Map() };
  return {
    backends,
    ports: { http: [], tcp: [], ranges: [] },
    wildcardLabels: [],
    maps,
    rules: [],
    filters: [],
    hasCertificates: false,
    passthrough: false,
    warnings: [],
    structureVersion: 1,
  };
}
