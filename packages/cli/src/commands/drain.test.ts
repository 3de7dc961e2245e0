import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DrainDocument } from '@signalbox/transforms';
import { expect, test } from 'vitest';
import { type CommandResult, runCommand } from '../testing/fake-host.ts';
import { configText, createPipelineFolder } from '../testing/pipeline-folder.ts';

const drainTransform = (file: string): string => `transforms: [{ type: drain, options: { file: ${file} } }]\n`;
const folderOf = (files: Readonly<Record<string, string>> = {}): string => {
  const folder = createPipelineFolder(files);
  if (files['signalbox.yaml'] === undefined) {
    writeFileSync(join(folder, 'signalbox.yaml'), configText + drainTransform(join(folder, 'drains.yaml')));
  }
  return folder;
};
const call = (folder: string, commandLine: string): Promise<CommandResult> =>
  runCommand(folder, `drain ${commandLine}`, { FOLDER: folder });
const read = (folder: string): string => readFileSync(join(folder, 'drains.yaml'), 'utf8');
const textsOf = (folder: string): (string | undefined)[] =>
  new DrainDocument(read(folder), 'drains.yaml').entries.map(({ drain }) => drain?.text);

test('drain add writes an entry, and shows what it matches and who has to wait', async () => {
  const folder = folderOf();
  const { code, out, talk } = await call(folder, 'add endpoint.address=127.0.0.1 --for 2h --reason disk');
  expect({ code, talk }).toEqual({ code: 0, talk: '' });
  expect(out).toMatch(/^added endpoint\.address=127\.0\.0\.1\n {2}until {3}\S+Z, for 2h\n {2}reason {2}disk\n/);
  expect(out).toContain(`\nmatches 3 endpoints of 2 services now:\n`);
  expect(out).toMatch(/ {2}127\.0\.0\.1:31001 {2}\/cart {2}not drained: nobody else could serve\n/);
  expect(out).toMatch(/ {2}127\.0\.0\.1:31002 {2}\/cart\n/);
  expect(textsOf(folder)).toEqual(['endpoint.address=127.0.0.1']);
  expect(statSync(join(folder, 'drains.yaml')).mode & 0o777).toBe(0o644);
  expect(readdirSync(folder).filter((name) => name.startsWith('drains'))).toEqual(['drains.yaml']);

  const forced = await call(folder, 'add endpoint.address=127.0.0.1 --for 1h --reason disk --force');
  expect(forced.out).toMatch(/^changed .*; it was /s);
  expect(forced.out).not.toContain('not drained');
  expect(textsOf(folder)).toHaveLength(1);
});

test('drain list shows entries with the time that is left, and remove takes them out again', async () => {
  const folder = folderOf({
    'drains.yaml': `# ours
drains:
  - { match: /over, until: 2020-01-01T00:00:00Z, reason: past }
  - { match: /wrong }
  - { match: /cart, until: 2999-01-01T00:00:00Z, reason: new prices, force: true } # kept
`,
  });
  const { out } = await call(folder, '');
  expect(out).toMatch(/^# +UNTIL +LEFT +SELECTOR +REASON\n1 .* ended +\/over +past\n2 +- +ignored +- +until: /);
  const { drains } = JSON.parse((await call(folder, 'list --json')).out);
  expect(drains[1]).toEqual({ position: 2, problem: expect.any(String) });
  expect(drains[2]).toMatchObject({ position: 3, selector: '/cart', force: true, active: true });

  expect((await call(folder, 'remove 1 7')).talk).toContain('there is no drain number 7');
  expect(textsOf(folder)).toHaveLength(3);
  expect((await call(folder, 'remove 2 --ended')).out).toContain('removed /over');
  expect(textsOf(folder)).toEqual(['/cart']);
  expect(read(folder)).toMatch(/# ours\n.*# kept/s);
  expect((await call(folder, 'remove name=/cart --json')).out).toContain('"removed"');
  expect(await call(folder, 'list')).toMatchObject({ code: 0, out: expect.stringContaining('no drains in') });
});

test('many at once are all kept', async () => {
  const folder = folderOf();
  const names = Array.from({ length: 8 }, (_, index) => `/app-${index}`);
  const results = await Promise.all(names.map((name) => call(folder, `add ${name} --for 1h --reason x`)));
  expect(results.map(({ code }) => code)).toEqual(names.map(() => 0));
  expect(textsOf(folder).sort()).toEqual(names);
});

test('a dry run writes nothing', async () => {
  const folder = folderOf();
  const { out } = await call(folder, 'add /cart --for 1h --reason x --dry-run');
  expect(out).toBe('would drain 2 endpoints of 1 service now:\n  127.0.0.1:31001  /cart\n  127.0.0.1:31002  /cart\n');
  expect(existsSync(join(folder, 'drains.yaml'))).toBe(false);
  expect((await call(folder, 'add 10.0.0.7 --for 1h --reason x --dry-run')).out).toContain(
    'For an address write endpoint.address=10.0.0.7',
  );
});

test('a source that does not answer, or a secret that may not be read, keeps nobody from draining', async () => {
  const folder = folderOf();
  const config = join(folder, 'signalbox.yaml');
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replace('options: { path:', 'options: { fail: SOURCE_UNREACHABLE, path:'),
  );
  const failed = await call(folder, 'add /cart --for 1h --reason x');
  expect(failed).toMatchObject({
    code: 0,
    talk: expect.stringMatching(/^warning: what \/cart matches now cannot be shown: /),
  });
  expect(textsOf(folder)).toEqual(['/cart']);
  const without = await runCommand(folder, 'drain add /mail --for 1h --reason x');
  expect(without).toMatchObject({ code: 0, talk: expect.stringContaining('cannot be shown') });
  expect(textsOf(folder)).toEqual(['/cart', '/mail']);
  expect((await call(folder, 'add /x --for 1h --reason x --dry-run')).code).toBe(1);
});

test('rights and a symbolic link stay', async () => {
  const folder = folderOf({ 'real/drains.yaml': 'drains: []\n' });
  chmodSync(join(folder, 'real/drains.yaml'), 0o600);
  symlinkSync('real/drains.yaml', join(folder, 'drains.yaml'));
  expect((await call(folder, 'add /cart --for 1h --reason x')).code).toBe(0);
  expect(textsOf(folder)).toEqual(['/cart']);
  expect(statSync(join(folder, 'real/drains.yaml')).mode & 0o777).toBe(0o600);
});

test('one of several transforms is chosen by its place', async () => {
  const folder = createPipelineFolder();
  const sinkTransforms = configText.replace(
    '    settle:',
    '    transforms: [{ type: drain, options: { file: edge.yaml } }]\n    settle:',
  );
  writeFileSync(
    join(folder, 'signalbox.yaml'),
    `${sinkTransforms}transforms: [{ type: filter }, { type: drain, options: { file: "\${DIR}/all.yaml" } }]\n`,
  );
  const several = await call(folder, 'list');
  expect(several).toMatchObject({
    code: 64,
    talk: expect.stringContaining('--transform: transforms[1], sinks.names.transforms[0]'),
  });
  expect((await call(folder, 'list --transform transforms[0]')).talk).toContain('there is no drain transform at');
  expect((await call(folder, 'list --transform transforms[1]')).talk).toContain('refers to what is not set here');
  const edge = await call(folder, 'add /cart --for 1h --reason x --transform sinks.names.transforms[0]');
  expect(edge.out).toContain('(named relative to the working directory;');
  expect(readFileSync(join(folder, 'edge.yaml'), 'utf8')).toContain('match: /cart');
});

test.each([
  ['add endpoint.adress=1 --for 1h --reason x', 'has no field to compare'],
  ['add /a --reason x', 'a drain has an end'],
  ['add /a --for 1h --until 2999-01-01T00:00:00Z --reason x', 'in two ways'],
  ['add /a --for 2 --reason x', 'a duration such as 30m'],
  ['add /a --for 400d --reason x', 'at most a year'],
  ['add /a --until 2020-01-01T00:00:00Z --reason x', 'is over'],
  ['add /a --until 18:00 --reason x', 'a time with its offset'],
  ['add /a --until 2999-13-01T00:00:00Z --reason x', 'a time with its offset'],
  ['add /a --for 1h', 'a drain has a reason'],
  ['remove', 'nothing says which'],
  ['lst', 'did you mean "drain list"?'],
  ['/cart', 'there are list, add, remove'],
])('drain %s ends with 64', async (commandLine, message) => {
  const folder = folderOf();
  const { code, out, talk } = await call(folder, commandLine);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(talk).toContain(message);
  expect(existsSync(join(folder, 'drains.yaml'))).toBe(false);
});

test('a file that is no file of drains, or cannot be read, stays as it is', async () => {
  const folder = folderOf({ 'drains.yaml': 'drains: [' });
  expect(await call(folder, 'add /a --for 1h --reason x')).toMatchObject({
    code: 78,
    talk: expect.stringContaining('is no YAML'),
  });
  expect(read(folder)).toBe('drains: [');
  const other = createPipelineFolder();
  expect(await call(other, 'list')).toMatchObject({
    code: 64,
    talk: expect.stringContaining('has no drain transform'),
  });
  writeFileSync(join(other, 'signalbox.yaml'), configText + drainTransform(join(other, 'nowhere', 'drains.yaml')));
  expect(await call(other, 'add /a --for 1h --reason x')).toMatchObject({
    code: 69,
    talk: expect.stringContaining('no such'),
  });
  mkdirSync(join(other, 'nowhere', 'drains.yaml'), { recursive: true });
  expect(await call(other, 'list')).toMatchObject({ code: 78, talk: expect.stringContaining('cannot be read') });
});
