import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { commandTable, listCommands } from './command-table.ts';
import { exitCodeMeanings } from './exit-codes.ts';
import { createFakeHost, runCommand } from './testing/fake-host.ts';
import { configText, createPipelineFolder } from './testing/pipeline-folder.ts';
import { createFolder } from './testing/workspace.ts';

test('--version prints the version of the package', async () => {
  const { version } = createRequire(import.meta.url)('../package.json');
  expect(await runCommand('/', '--version')).toEqual({ code: 0, out: `${version}\n`, talk: '' });
});

test('--help goes to stdout and names every command and every exit code', async () => {
  const { code, out, talk } = await runCommand('/', '--help');
  expect({ code, talk }).toEqual({ code: 0, talk: '' });
  const words = out.replace(/\s+/g, ' ');
  for (const entry of commandTable) {
    const { options, arguments: parameters = [] } =
      'commands' in entry ? { options: undefined, arguments: [{ syntax: '[command]' }] } : entry;
    const syntax = [
      ...(options === undefined ? [] : ['[options]']),
      ...parameters.map((parameter) => parameter.syntax),
    ];
    expect(words).toContain(` ${[entry.name, ...syntax].join(' ')} ${entry.summary} `);
  }
  for (const [exitCode, meaning] of exitCodeMeanings) expect(out).toContain(`${exitCode}  ${meaning}`);
});

test('the help of a command shows examples', async () => {
  for (const { words, entry } of listCommands()) {
    const { examples = [] } = entry;
    const { out } = await runCommand('/', `${words.join(' ')} --help`);
    for (const [commandLine, meaning] of examples)
      expect(out).toContain(`  signalbox ${commandLine}\n      ${meaning}\n`);
  }
});

test.each([
  ['', 'Usage: signalbox'],
  ['plam', 'Did you mean plan?'],
  ['plan --jsn', 'Did you mean --json?'],
  ['plan extra', 'too many arguments'],
  ['plan --log-level loud', 'Allowed choices are debug, info, warn, error, silent'],
])('the command line %j is wrong and ends with 64', async (commandLine, message) => {
  const { code, out, talk } = await runCommand('/', commandLine);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(talk).toContain(message);
});

test('a duration on the command line is checked', async () => {
  const folder = createPipelineFolder();
  const { code, talk } = await runCommand(folder, 'plan --timeout 5', { FOLDER: folder });
  expect({ code, talk }).toEqual({ code: 64, talk: 'error: --timeout expects a duration such as 30s, not "5"\n' });
});

test('global flags may stand before or behind the command', async () => {
  const folder = createPipelineFolder({ 'other.yaml': configText });
  expect((await runCommand(folder, '-c other.yaml check', { FOLDER: folder })).out).toContain('other.yaml: valid');
  expect((await runCommand(folder, 'check -c other.yaml', { FOLDER: folder })).out).toContain('other.yaml: valid');
});

test('colours follow the flag, then NO_COLOR, then the terminal', async () => {
  const folder = createPipelineFolder();
  const environment = { FOLDER: folder };
  const escapeSequence = '\u001b[';
  expect((await runCommand(folder, 'check', environment)).out).not.toContain(escapeSequence);
  expect((await runCommand(folder, 'check --color', { ...environment, NO_COLOR: '1' })).out).toContain(escapeSequence);
  const { runProgram } = await import('./program.ts');
  const outputOn = async (extra: Record<string, string>, ...flags: string[]): Promise<string> => {
    const host = createFakeHost(folder, { ...environment, ...extra });
    const written: string[] = [];
    const stdout = { isTTY: true, write: (text: string) => written.push(text) };
    await runProgram(['check', ...flags], { ...host, stdout });
    return written.join('');
  };
  expect(await outputOn({})).toContain(escapeSequence);
  expect(await outputOn({ NO_COLOR: '1' })).not.toContain(escapeSequence);
  expect(await outputOn({ TERM: 'dumb' })).not.toContain(escapeSequence);
  expect(await outputOn({}, '--no-color')).not.toContain(escapeSequence);
});

test('an error of nobody we know is shown with its causes, and its stack only for debugging', async () => {
  const throwing = 'throw new Error("outer", { cause: new Error("inner") });';
  const folder = createPipelineFolder();
  const { writeFileSync, readFileSync } = await import('node:fs');
  const sink = readFileSync(`${folder}/sink.js`, 'utf8').replace(
    'async render(catalog) {',
    `async render(catalog) { ${throwing}`,
  );
  writeFileSync(`${folder}/sink.js`, sink);
  const shown = await runCommand(folder, 'render', { FOLDER: folder });
  expect(shown).toEqual({ code: 1, out: '', talk: 'error: outer\n  cause: inner\n' });
  const debugged = await runCommand(folder, 'render --log-level debug', { FOLDER: folder });
  expect(debugged.talk).toMatch(/cause: inner\nError: outer\n {4}at /);
});

test('list shows official plugins and those of the file, and says which cannot be used', async () => {
  const folder = createPipelineFolder({ 'broken.js': 'export default 1;' });
  const { out, code } = await runCommand(folder, 'list');
  expect(code).toBe(0);
  expect(out).toMatch(/^KIND +TYPE +FROM +DESCRIPTION\n/);
  expect(out).toMatch(/^source +\.\/source\.js +\.\/source\.js +A source for tests\.$/m);
  expect(
    (await runCommand(createFolder({ 'signalbox.yaml': 'sinks: { a: { type: ./x.js } }' }), 'list')).talk,
  ).toContain('sink ./x.js cannot be used: no sink plugin "./x.js"');
});

test('schema prints a JSON Schema with the plugins of the file', async () => {
  const { out } = await runCommand(createPipelineFolder(), 'schema');
  expect(JSON.parse(out).$defs).toHaveProperty(['sink--sink-js', 'properties', 'interval']);
});
