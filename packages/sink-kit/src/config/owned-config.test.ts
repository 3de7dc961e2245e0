import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { delay } from '@signalbox/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFileFollower, followLagMs } from '../files/file-follower.ts';
import { hashTexts } from '../files/hash.ts';
import { writeFileSet } from '../files/write-file-set.ts';
import { createOwnedConfig, type OwnedConfig } from './owned-config.ts';

let directory: string;
let path: string;
let config: OwnedConfig;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'config-'));
  path = join(directory, 'proxy.conf');
  config = createConfig();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function createConfig(afterWrite: Promise<void> = Promise.resolve()): OwnedConfig {
  const follower = createFileFollower({
    guardedPath: path,
    async write(files) {
      await writeFileSet([...files].map(([target, content]) => ({ path: target, content })));
      await afterWrite;
    },
  });
  const reader = {
    isOwn: (text: string) => text.startsWith('# ours'),
    listParts: (text: string) => [...text.matchAll(/^server (\S+)/gm)].map(([, name]) => name ?? ''),
    parts: 'servers',
  };
  return createOwnedConfig({ path, editedPath: join(directory, 'edited'), reader, follower });
}

const signal = new AbortController().signal;
const files = (content: string) => () => new Map([[path, `# ours\n${content}\n`]]);

it('shows what goes with the configuration of somebody else, and keeps only the first one', async () => {
  expect(await config.describeTakeover()).toEqual([]);
  await writeFile(path, 'server a\nserver b\n');
  const [change] = await config.describeTakeover();
  expect(change?.summary).toContain('and with it "a, b"; it is kept as');
  await config.keepForeign();
  await writeFile(path, 'nothing\n');
  expect((await config.describeTakeover())[0]?.summary).toContain('no servers in it');
  await config.keepForeign();
  expect(await readFile(`${path}.before-signalbox`, 'utf8')).toBe('server a\nserver b\n');
  await writeFile(path, '# ours\nserver a\n');
  expect(await config.describeTakeover()).toEqual([]);
});

it('refuses a file that changed between plan and apply, unless the last change was its own', async () => {
  const planned = await config.hash();
  await expect(config.assertUnchanged(planned)).resolves.toBeUndefined();
  await writeFile(path, 'by hand');
  await expect(config.assertUnchanged(planned)).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED' });
  await config.writeStale(files('one'));
  await expect(config.assertUnchanged(planned)).resolves.toBeUndefined();
});

it('takes its own write, which shows in the file before it is done, for no change by others', async () => {
  let finish = (): void => {};
  const slow = createConfig(
    new Promise((resolve) => {
      finish = resolve;
    }),
  );
  const planned = await slow.hash();
  const writing = slow.writeStale(files('one'));
  while ((await slow.hash()) === undefined) await delay(1);
  const asserting = slow.assertUnchanged(planned);
  await delay(20);
  finish();
  await expect(asserting).resolves.toBeUndefined();
  await writing;
});

it('brings files up to date, and keeps what somebody wrote by hand', async () => {
  const render = files('one');
  const [created] = await config.findStale(() => hashTexts(render()), { mayFollow: false, signal });
  expect(created).toMatchObject({ action: 'create', target: path, summary: 'file brought up to date' });
  await config.writeStale(render);
  expect(await config.findStale(() => hashTexts(render()), { mayFollow: false, signal })).toEqual([]);
  await writeFile(path, 'by hand');
  const [edited] = await config.findStale(() => hashTexts(render()), { mayFollow: false, signal });
  expect(edited?.summary).toContain('was edited by others');
  await config.writeStale(render);
  expect(await readFile(join(directory, 'edited'), 'utf8')).toBe('by hand');
  expect(await readFile(path, 'utf8')).toBe('# ours\none\n');
});

it('looks again where another Signalbox may be about to write the files, also when its disk is slow', async () => {
  const render = files('one');
  const looking = config.findStale(() => hashTexts(render()), { mayFollow: true, signal });
  await delay(followLagMs * 3);
  await writeFile(path, render().get(path) ?? '');
  expect(await looking).toEqual([]);
});
