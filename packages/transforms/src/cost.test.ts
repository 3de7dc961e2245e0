import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service, Transform } from '@signalbox/core';
import { endpoint, service } from '@signalbox/testkit';
import { afterAll, expect, test } from 'vitest';
import { drain } from './drain.ts';
import { merge } from './merge.ts';
import { rename } from './rename.ts';
import { weight } from './weight.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-cost-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'drains.yaml');
writeFileSync(file, 'drains: [{ match: "/app/*", until: 2999-01-01T00:00:00Z, reason: test }]\n');

const percent = { origins: [{ match: { source: 'a' }, percent: 90 }, { match: { source: 'b' } }] };
const transforms: readonly (readonly [string, () => Transform])[] = [
  ['merge', () => merge({ pools: [{ by: 'name', ...percent }] })],
  ['rename', () => rename({ rules: [{ pattern: '/app/*', to: '{1}' }] })],
  ['weight', () => weight({ rules: [{ match: '*', weight: 50 }] })],
  ['drain', () => drain({ file })],
];

function timeOf(body: () => void): number {
  const startedAt = performance.now();
  body();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[values.length >> 1] ?? 0;
}

test.each(transforms)('%s: of 10,000 services, one change costs a fraction of all', (_, create) => {
  const services = ['a', 'b'].flatMap((source) =>
    Array.from({ length: 5_000 }, (_, index) => {
      const port = source === 'a' ? 1 : 2;
      return service(`/app/${index}`, { source, endpoints: [endpoint({ port }), endpoint({ port: port + 2 })] });
    }),
  );
  const change = (): Service[] => services.map((one, index) => (index === 17 ? { ...one, port: 80 } : one));
  const transform = create();
  const all = timeOf(() => void create().transform(services));
  transform.transform(services);
  const one = median(
    Array.from({ length: 15 }, () => {
      const changed = change();
      return timeOf(() => void transform.transform(changed));
    }),
  );
  expect(one / all).toBeLessThan(0.34);
});
