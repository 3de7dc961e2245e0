import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readStable } from './read-stable.ts';

const { signal } = new AbortController();

function createPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-stable-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'services.yaml');
}

test('half a list that is still being written does not count', async () => {
  const path = createPath();
  writeFileSync(path, 'services:\n');
  let asked = 0;
  const now = () => {
    asked += 1;
    if (asked === 1) writeFileSync(path, 'services:\n- { name: shop, endpoints: [] }\n');
    return asked < 3 ? Date.now() : Date.now() + 60_000;
  };
  expect((await readStable(path, signal, now)).text).toContain('shop');
  expect(asked).toBe(3);
});

test('a file that never comes to rest is an error', async () => {
  const path = createPath();
  writeFileSync(path, 'services:\n');
  const written = Date.now();
  await expect(readStable(path, signal, () => written)).rejects.toThrow('it is being written all the time');
});

test('a clock that is behind that of the file does not keep it from being read', async () => {
  const path = createPath();
  writeFileSync(path, 'services: []\n');
  expect((await readStable(path, signal, () => 0)).text).toBe('services: []\n');
});
