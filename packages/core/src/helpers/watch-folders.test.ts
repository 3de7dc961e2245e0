import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchFolders } from './watch-folders.ts';

const never = 3_600_000;

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-watch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function startWatch(folder: string, intervalMs: number) {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const looks = watchFolders({ folders: () => [folder], intervalMs, quietMs: 1, signal: controller.signal });
  const look = () => looks.next();
  return {
    controller,
    look,
    begin: async () => {
      await look();
      await look();
    },
  };
}

/** Changes something while the consumer waits. */
async function lookAfter(look: () => Promise<unknown>, change: () => void): Promise<unknown> {
  const next = look();
  await new Promise((resolve) => setTimeout(resolve, 50));
  change();
  return next;
}

test('looks at once, and again when a file in the folder is written, replaced or removed', async () => {
  const folder = createFolder();
  const { begin, look } = startWatch(folder, never);
  await begin();
  await lookAfter(look, () => writeFileSync(join(folder, 'a'), 'new'));
  await lookAfter(look, () => renameSync(join(folder, 'a'), join(folder, 'b')));
  await lookAfter(look, () => rmSync(join(folder, 'b')));
});

test('a change before the first watch is in place is not missed', async () => {
  const folder = createFolder();
  const { look } = startWatch(folder, never);
  await look();
  writeFileSync(join(folder, 'a'), 'one');
  expect(await look()).toMatchObject({ done: false });
});

test('a change between two looks is not missed', async () => {
  const folder = createFolder();
  const { begin, look } = startWatch(folder, never);
  await begin();
  await lookAfter(look, () => writeFileSync(join(folder, 'a'), 'one'));
  writeFileSync(join(folder, 'a'), 'two');
  await look();
});

test('without any notice it looks after the interval, also at a folder that is not there', async () => {
  const { look } = startWatch(join(createFolder(), 'missing'), 5);
  await look();
  await look();
  expect(await look()).toMatchObject({ done: false });
});

test('a folder that was replaced is watched anew', async () => {
  const folder = join(createFolder(), 'inner');
  const other = createFolder();
  renameSync(other, folder);
  const { begin, look } = startWatch(folder, 20);
  await begin();
  await lookAfter(look, () => {
    rmSync(folder, { recursive: true });
    renameSync(createFolder(), folder);
  });
  for (let looks = 0; looks < 5; looks += 1) await look();
  await lookAfter(look, () => writeFileSync(join(folder, 'a'), 'new'));
});

test('ends with the signal', async () => {
  const { begin, controller, look } = startWatch(createFolder(), never);
  await begin();
  const next = look();
  controller.abort();
  expect(await next).toMatchObject({ done: true });
});
