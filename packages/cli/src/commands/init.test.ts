import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { listOfficialPlugins } from '../plugins/installation.ts';
import { runCommand } from '../testing/fake-host.ts';
import { createFolder } from '../testing/workspace.ts';

test('init writes a commented file with the values of the command line', async () => {
  const folder = createFolder();
  const { code, out, talk } = await runCommand(
    folder,
    'init --marathon http://a:8080 http://b:8080 --haproxy /etc/ha$proxy.cfg',
  );
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(talk).toContain('Wrote signalbox.yaml and signalbox.schema.json. Next:');
  expect(parse(readFileSync(join(folder, 'signalbox.yaml'), 'utf8'))).toEqual({
    version: 1,
    sources: { marathon: { type: 'marathon', options: { urls: ['http://a:8080', 'http://b:8080'] } } },
    sinks: { haproxy: { type: 'haproxy', options: { config: '/etc/ha$$proxy.cfg' } } },
  });
});

test('init does not write over a file, unless it is told to', async () => {
  const folder = createFolder({ 'mine.yaml': 'precious' });
  const refused = await runCommand(folder, 'init -c mine.yaml');
  expect(refused).toMatchObject({ code: 64, talk: expect.stringContaining('mine.yaml exists already') });
  expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe('precious');
  expect((await runCommand(folder, 'init -c mine.yaml --force')).code).toBe(0);
  expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toContain('version: 1');
});

test('init makes the schema that the file names for editors, beside the file', async () => {
  const folder = createFolder({ 'conf/other.txt': '' });
  expect((await runCommand(folder, 'init -c conf/mine.yaml')).talk).toContain(
    'Wrote conf/mine.yaml and conf/signalbox.schema.json.',
  );
  const text = readFileSync(join(folder, 'conf/mine.yaml'), 'utf8');
  const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(join(folder, 'conf', named), 'utf8')),
  );
  expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
});

test('init leaves a schema alone that is there already', async () => {
  const folder = createFolder({ 'signalbox.schema.json': '{}' });
  expect((await runCommand(folder, 'init')).talk).toContain('Wrote signalbox.yaml. Next:');
  expect(readFileSync(join(folder, 'signalbox.schema.json'), 'utf8')).toBe('{}');
});

test('init refuses what is no URL', async () => {
  const folder = createFolder();
  const { code, talk } = await runCommand(folder, 'init --marathon leader');
  expect({ code, talk }).toEqual({
    code: 64,
    talk: 'error: --marathon expects a URL, not "leader"\n  hint: for example http://leader.mesos:8080\n',
  });
  expect(existsSync(join(folder, 'signalbox.yaml'))).toBe(false);
});

test('what init writes is valid with the official plugins', async () => {
  const folder = createFolder();
  await runCommand(folder, 'init --marathon http://127.0.0.1:8080');
  expect(await runCommand(folder, 'check')).toEqual({
    code: 0,
    out: 'signalbox.yaml: valid, 1 source, 0 transforms, 1 sink\n',
    talk: '',
  });
});

test('the official plugins can all be loaded, and make a schema that editors can use', async () => {
  const { out, talk } = await runCommand(createFolder(), 'list --json');
  expect(talk).toBe('');
  const names = (plugins: readonly { readonly kind: string; readonly type: string }[]): readonly string[] =>
    plugins.map(({ kind, type }) => `${kind} ${type}`).sort();
  const listed = names(JSON.parse(out).plugins);
  expect(listed).toEqual(names(listOfficialPlugins()));
  expect(listed).toEqual(expect.arrayContaining(['sink haproxy', 'source marathon', 'transform route']));
  const schema = await runCommand(createFolder(), 'schema');
  new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schema.out));
});
