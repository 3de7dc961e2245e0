import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../testing/fake-host.ts';
import { configText, createPipelineFolder } from '../testing/pipeline-folder.ts';
import { pluginModule } from '../testing/workspace.ts';

test('plan shows the changes, touches nothing and exits with 2; after apply it exits with 0', async () => {
  const folder = createPipelineFolder();
  const environment = { FOLDER: folder };
  const planned = await runCommand(folder, 'plan', environment);
  expect(planned.out.replaceAll(folder, '<folder>')).toMatchInlineSnapshot(`
    "names: 1 change
      + create  <folder>/names.txt  2 services
    "
  `);
  expect(planned.talk).toBe('\nNothing was changed. To carry this out: signalbox apply\n');
  expect(planned.code).toBe(2);
  expect(existsSync(join(folder, 'names.txt'))).toBe(false);
  expect(existsSync(join(folder, '.signalbox'))).toBe(false);

  const applied = await runCommand(folder, 'apply', environment);
  expect(applied.code).toBe(0);
  expect(readFileSync(join(folder, 'names.txt'), 'utf8')).toBe('/cart\n/mail\n');
  expect(readdirSync(join(folder, '.signalbox/last-known-good'))).toEqual([expect.stringMatching(/^files-\w+\.json$/)]);

  const again = await runCommand(folder, 'plan', environment);
  expect(again).toEqual({ code: 0, out: 'names: in step, nothing to change\n', talk: '' });
});

test('a rule that matches no service is named', async () => {
  const rules = 'transforms: [{ type: route, options: { rules: [{ match: /crat, hostnames: [shop.example] }] } }]\n';
  const folder = createPipelineFolder({ 'signalbox.yaml': configText + rules });
  const { talk, code } = await runCommand(folder, 'plan', { FOLDER: folder });
  expect(talk).toContain('transform transforms[0]: rule 1 of route matches no service: "/crat"');
  expect(code).toBe(2);
});

test('plan --json is data for machines', async () => {
  const folder = createPipelineFolder();
  const { out, code } = await runCommand(folder, 'plan --json', { FOLDER: folder });
  expect(code).toBe(2);
  const [change] = JSON.parse(out).sinks.names.changes;
  expect(change).toMatchObject({
    action: 'create',
    summary: '2 services',
    services: ['files:/cart#0', 'files:/mail#0'],
  });
});

test('catalog shows a row for each service', async () => {
  const folder = createPipelineFolder();
  const { out } = await runCommand(folder, 'catalog', { FOLDER: folder });
  expect(out).toMatchInlineSnapshot(`
    "SERVICE         PORT  PROTOCOL  ENDPOINTS  UNHEALTHY  DRAINING  ROUTES
    files:/cart#0  10001  http              2          0         1  shop.example/cart
    files:/mail#0      -  tcp               1          1         0  -
    "
  `);
  const json = await runCommand(folder, 'catalog --json', { FOLDER: folder });
  expect(JSON.parse(json.out).services.map((service: { id: string }) => service.id)).toEqual([
    'files:/cart#0',
    'files:/mail#0',
  ]);
});

test('render prints what the sink would write, behind its own transforms', async () => {
  const upper = pluginModule({
    kind: 'transform',
    create:
      'return { transform: (services) => services.map((service) => ({ ...service, name: service.name.toUpperCase() })) };',
  });
  const folder = createPipelineFolder({
    'upper.js': upper,
    'signalbox.yaml': `${configText}    transforms: [{ type: ./upper.js }]\n`,
  });
  const environment = { FOLDER: folder };
  expect(await runCommand(folder, 'render', environment)).toEqual({ code: 0, out: '/CART\n/MAIL\n', talk: '' });
  expect((await runCommand(folder, 'render --sink names --file names.txt', environment)).out).toBe('/CART\n/MAIL\n');
  const wrong = await runCommand(folder, 'render --sink edge', environment);
  expect(wrong).toEqual({ code: 64, out: '', talk: 'error: there is no sink "edge"\n  hint: known sinks: names\n' });
  const noFile = await runCommand(folder, 'render --file other', environment);
  expect(noFile).toMatchObject({ code: 64, talk: expect.stringContaining('known files: names.txt') });
});

test('render --data prints what a sink gives to its templates', async () => {
  const folder = createPipelineFolder();
  const environment = { FOLDER: folder };
  const none = await runCommand(folder, 'render --data', environment);
  expect(none).toEqual({ code: 64, out: '', talk: 'error: no sink of this file has data for templates\n' });
  const template = '{ type: template, options: { files: [{ path: a.txt, text: "" }] } }';
  writeFileSync(join(folder, 'signalbox.yaml'), `${configText}  made: ${template}\n`);
  const { out, code } = await runCommand(folder, 'render --data', environment);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    services: [{ name: '/cart', endpoints: [{}, {}], active: [{}] }, { name: '/mail' }],
  });
});

test('a source that cannot be reached ends with 69, its message and its hint', async () => {
  const folder = createPipelineFolder({
    'signalbox.yaml': configText.replace('services.json"', 'x", fail: SOURCE_UNREACHABLE'),
  });
  for (const command of ['plan', 'apply', 'catalog', 'render']) {
    const { code, out, talk } = await runCommand(folder, command, { FOLDER: folder });
    expect({ code, out, talk }).toEqual({
      code: 69,
      out: '',
      talk: 'error: source files: connecting to the upstream (SOURCE_UNREACHABLE)\n  hint: start it\n',
    });
  }
});

test.each(['plan', 'apply'])('%s tells every failure, and what the other sinks did', async (command) => {
  const failing = (name: string) =>
    pluginModule({ kind: 'sink', create: `return { async plan() { throw new Error('no ${name} today'); } };` });
  const folder = createPipelineFolder({
    'first.js': failing('first'),
    'last.js': failing('last'),
    'signalbox.yaml': `${configText.replace('sinks:', 'sinks:\n  first: { type: ./first.js }')}  last: { type: ./last.js }\n`,
  });
  const { code, out, talk } = await runCommand(folder, command, { FOLDER: folder });
  expect(out.replaceAll(folder, '<folder>')).toBe('names: 1 change\n  + create  <folder>/names.txt  2 services\n');
  expect(talk).toBe(
    'error: sink first: no first today (PLUGIN_FAILED)\nerror: sink last: no last today (PLUGIN_FAILED)\n',
  );
  expect(code).toBe(1);
  expect(existsSync(join(folder, 'names.txt'))).toBe(command === 'apply');
});

test('a source that never answers ends with 69 after the time-out, and is named', async () => {
  const silent = pluginModule({
    kind: 'source',
    create: `return { async *watch({ signal }) {
      await new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    } };`,
  });
  const folder = createPipelineFolder({
    'silent.js': silent,
    'signalbox.yaml': configText.replace('sources:', 'sources:\n  quiet: { type: ./silent.js }'),
  });
  const { code, talk } = await runCommand(folder, 'plan --timeout 50ms', { FOLDER: folder });
  expect(code).toBe(69);
  expect(talk).toContain('error: no answer within 50ms from quiet (SOURCE_TIMEOUT)');
});

test('a broken configuration ends with 78 and goes to stderr; check --json prints it as data', async () => {
  const folder = createPipelineFolder({ 'signalbox.yaml': configText.replace('interval', 'intervall') });
  const environment = { FOLDER: folder };
  const { code, out, talk } = await runCommand(folder, 'apply', environment);
  expect({ code, out }).toEqual({ code: 78, out: '' });
  expect(talk).toMatchInlineSnapshot(`
    "signalbox.yaml:10:45 sinks.names.options.intervall: unknown key "intervall"
      10 |     options: { path: "\${FOLDER}/names.txt", intervall: 1s }
         |                                             ^^^^^^^^^
         = did you mean "interval"?

    1 problem in signalbox.yaml
    "
  `);
  const checked = await runCommand(folder, 'check --json', environment);
  expect(checked.code).toBe(78);
  expect(JSON.parse(checked.out)).toMatchObject({
    valid: false,
    problems: [{ code: 'CONFIG_INVALID', line: 10, column: 45, path: ['sinks', 'names', 'options', 'intervall'] }],
  });
});

test('check says what is configured; --probe asks the plugins', async () => {
  const folder = createPipelineFolder();
  const environment = { FOLDER: folder };
  expect(await runCommand(folder, 'check', environment)).toEqual({
    code: 0,
    out: 'signalbox.yaml: valid, 1 source, 0 transforms, 1 sink\n',
    talk: '',
  });
  expect((await runCommand(folder, 'check --probe', environment)).out).toContain(
    'source files: ok\nsink names: has no probe\n',
  );
  writeFileSync(join(folder, 'signalbox.yaml'), configText.replace('services.json', 'none.json'));
  const failed = await runCommand(folder, 'check --probe', environment);
  expect(failed.code).toBe(1);
  expect(failed.out).toContain('source files: failed');
  expect(failed.talk).toContain('error: source files: ENOENT');
});

test('talk is JSON when that is asked for', async () => {
  const folder = createPipelineFolder({ 'signalbox.yaml': configText.replace('interval', 'intervall') });
  const { talk } = await runCommand(folder, 'plan --log-format json', { FOLDER: folder });
  expect(JSON.parse(talk)).toMatchObject({
    level: 'error',
    message: 'signalbox.yaml:10:45 sinks.names.options.intervall: unknown key "intervall"',
    advice: 'did you mean "interval"?',
  });
});
