import { expect, it } from 'vitest';
import { applyOnce } from './apply-once.ts';

const change = { action: 'update', target: 'a file', summary: 'one line', services: [] } as const;

it('applies a plan once, and tries one that failed again', async () => {
  let calls = 0;
  const apply = applyOnce([change], async () => {
    calls += 1;
    if (calls === 1) throw new Error('no room');
  });
  await expect(apply()).rejects.toThrow('no room');
  await apply();
  await expect(apply()).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED' });
  expect(calls).toBe(2);
});

it('lets a plan without changes be applied as often as one likes', async () => {
  let calls = 0;
  const apply = applyOnce([], async () => {
    calls += 1;
  });
  await apply();
  await apply();
  expect(calls).toBe(2);
});
