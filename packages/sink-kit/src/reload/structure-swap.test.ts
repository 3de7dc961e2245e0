import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SinkError } from '@signalbox/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLastGood } from '../files/last-good.ts';
import { createReloadGate } from './reload-gate.ts';
import { createStructureSwap, type StructureSwap, type Swap } from './structure-swap.ts';

const { signal } = new AbortController();
let directory: string;
let path: string;
let swap: StructureSwap;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'swap-'));
  path = join(directory, 'proxy.conf');
  await writeFile(path, 'old');
  swap = createStructureSwap({
    proxy: 'Proxy',
    log: 'the log of Proxy',
    gate: createReloadGate({ minIntervalMs: 60_000, jitter: 0 }),
    lastGood: createLastGood({ directory: join(directory, 'last-good') }),
  });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** What serves before is `old`; the new one is taken unless a failure is given. */
function change(hash: string, values: Partial<Swap<string, string>> = {}): Swap<string, string> {
  return {
    hash,
    again: false,
    start: false,
    paths: [path],
    prepare: async () => 'old',
    async replace() {
      await writeFile(path, hash);
      return hash;
    },
    ensureOld: async () => {},
    ...values,
  };
}

function failing(hash: string, values: Partial<Swap<string, string>> = {}): Swap<string, string> {
  return change(hash, {
    async replace() {
      await writeFile(path, hash);
      throw new SinkError('no such word', { code: 'SINK_RELOAD_FAILED', output: 'line 1' });
    },
    ...values,
  });
}

it('gives what came into force, and lets the next reload keep its distance', async () => {
  expect(swap.defer({ hash: 'a', again: false }, 'ports')).toBeUndefined();
  expect(await swap.run(change('a'), signal)).toBe('a');
  const deferral = swap.defer({ hash: 'b', again: false }, 'ports');
  expect(deferral?.reason).toBe('the least time between two reloads: ports');
  expect(deferral?.afterMs).toBeGreaterThan(0);
  // Nobody is disturbed by a start.
  expect(await swap.run(change('b', { start: true }), signal)).toBe('b');
});

it('goes back byte for byte, and does not try the same again by itself', async () => {
  let isOldEnsured = false;
  const ensureOld = async (): Promise<void> => {
    isOldEnsured = true;
    expect(await readFile(path, 'utf8')).toBe('old');
  };
  const bad = failing('bad', { ensureOld });
  await expect(swap.run(bad, signal)).rejects.toMatchObject({
    code: 'SINK_ROLLED_BACK',
    message: 'Proxy did not take the new configuration, the old one is in force: no such word',
    output: 'line 1',
  });
  expect(isOldEnsured).toBe(true);
  let isPrepared = false;
  const prepare = async (): Promise<string> => {
    isPrepared = true;
    return 'old';
  };
  await expect(swap.run({ ...bad, prepare }, signal)).rejects.toMatchObject({ code: 'SINK_ROLLED_BACK' });
  expect(isPrepared).toBe(false);
  // It is not put off: the plan fails at once, and says why.
  expect(swap.defer({ hash: 'bad', again: false }, 'ports')).toBeUndefined();
  expect(swap.defer({ hash: 'bad', again: true }, 'ports')).toBeDefined();
  await expect(swap.run(change('bad', { again: true, start: true }), signal)).resolves.toBe('bad');
});

it('says when nothing served before, and when even the old configuration is not taken', async () => {
  await expect(
    swap.run(failing('first', { start: true, prepare: async () => undefined }), signal),
  ).rejects.toMatchObject({
    code: 'SINK_RELOAD_FAILED',
    message: 'no such word',
    hint: 'look at the log of Proxy; it is tried again',
  });
  const replace = async (): Promise<string> => {
    throw new SinkError('port 80 is taken', { code: 'SINK_RELOAD_FAILED', hint: 'end who has it' });
  };
  await expect(
    swap.run(change('advised', { start: true, prepare: async () => undefined, replace }), signal),
  ).rejects.toMatchObject({ message: 'port 80 is taken', hint: 'end who has it' });
  const ensureOld = async (): Promise<void> => {
    throw new Error('gone');
  };
  await expect(swap.run(failing('second', { start: true, ensureOld }), signal)).rejects.toMatchObject({
    code: 'SINK_RELOAD_FAILED',
    message: 'Proxy did not take the new configuration, and not the old one either',
  });
});
