import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createColors } from '../output/colors.ts';
import { createFolder, fileSink, fileSource } from '../testing/workspace.ts';
import { loadConfig } from './load.ts';
import { ConfigProblemsError, renderProblems } from './problems.ts';

const plugins = `sources: { a: { type: ./source.js, options: { path: /a } } }
sinks: { b: { type: ./names.js, options: { path: /b } } }
`;

/** Without the lines of the file. */
async function problemsOf(yaml: string, file = 'signalbox.yaml'): Promise<string[]> {
  const folder = createFolder({ 'signalbox.yaml': yaml, 'source.js': fileSource, 'names.js': fileSink });
  const error = await loadConfig(file, { workingDirectory: folder }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ConfigProblemsError);
  const { problems } = error as ConfigProblemsError;
  return problems.map(
    ({ line, column, path, message, advice }) =>
      `${line}:${column} ${path.join('.')}: ${message} = ${advice?.replace(/known sources: [a-z, -]+/, 'known sources: <list>')}`,
  );
}

test.each([
  [
    'settle: { min: 5s, max: 1s }',
    '2:16 settle.min: "min" is 5s, which is longer than "max" with 1s = "max" has to be as long as "min" at least',
  ],
  [
    'settle: { min: 5s }',
    '2:16 settle.min: "min" is 5s, which is longer than "max" with 2s = "max" has to be as long as "min" at least',
  ],
  [
    'retry: { max: 100ms }',
    '2:15 retry.max: "initial" is 500ms, which is longer than "max" with 100ms = "max" has to be as long as "initial" at least',
  ],
  ['resync: 0', '2:9 resync: expected a time above 0 = undefined'],
  [
    'guards: { minEndpoints: "2" }',
    '2:25 guards.minEndpoints: expected number, received string = write it without quotation marks',
  ],
  ['guards: { minEndpoints: two }', '2:25 guards.minEndpoints: expected number, received string = undefined'],
  ['guards: { minEndpoints: "two" }', '2:25 guards.minEndpoints: expected number, received string = undefined'],
  ['transforms: { type: route }', '2:13 transforms: expected list, received map = write a list: transforms: [ … ]'],
  ['guards: [ 1 ]', '2:9 guards: expected map, received list = undefined'],
  ['guards: { minEndpoints: 1e99 }', '2:25 guards.minEndpoints: expected a number up to 9007199254740991 = undefined'],
  ['guards: { minEndpoints: -1 }', '2:25 guards.minEndpoints: expected a number from 0 = undefined'],
  ['resync: 5 s', '2:9 resync: expected a duration, such as 500ms, 30s or 5m = write 5s'],
  ['resync: 5m30', '2:9 resync: expected a duration, such as 500ms, 30s or 5m = write 5m30s'],
  ['resync: -5s', '2:9 resync: expected a duration, such as 500ms, 30s or 5m = the units are ms, s, m, h and d'],
  ['resync: *quiet', '2:9 resync: there is no "&quiet" before this alias = write the value out'],
  ['resync: !!js/function f', expect.stringContaining('leave the "!" word out')],
])('%s', async (text, problem) => {
  expect(await problemsOf(`version: 1\n${text}\n${plugins}`)).toEqual([problem]);
});

test.each([
  ['2', 'this Signalbox reads version 1 = undefined'],
  ['"1"', 'expected 1 = write it without quotation marks'],
  ['one', 'expected 1 = undefined'],
])('version: %s', async (version, problem) => {
  expect(await problemsOf(`version: ${version}\n${plugins}`)).toEqual([`1:10 version: ${problem}`]);
});

test('the settle times of a sink are held against those of the file', async () => {
  const sinks = plugins.replace('options: { path: /b }', 'settle: { min: 3s }, options: { path: /b }');
  expect(await problemsOf(`version: 1\nsettle: { max: 2500ms }\n${sinks}`)).toEqual([
    expect.stringContaining('sinks.b.settle.min: "min" is 3s, which is longer than "max" with 2500ms'),
  ]);
});

test('a sink among the sources is told as what it is', async () => {
  expect(await problemsOf(`version: 1\n${plugins.replace('./source.js', 'haproxy')}`)).toEqual([
    '2:23 sources.a.type: no source plugin "haproxy" = haproxy is a sink: move it to "sinks"; known sources: <list>',
  ]);
});

test('what the parser has a limit for', async () => {
  const [tooLong] = await problemsOf(`version: 1\n${'x'.repeat(1_025)}: 1\n`);
  expect(tooLong).toContain(' : a key is longer than 1024 characters = ');
  const [tooDeep] = await problemsOf(`version: 1\nguards: ${'['.repeat(5_000)}`);
  expect(tooDeep).toContain(' : lists and maps are nested too deeply = ');
});

test('a key with nothing behind it is empty', async () => {
  expect(await problemsOf('version: 1\nsources:\nsinks: {}\n')).toEqual([
    '2:9 sources: empty, expected map = undefined',
    '3:8 sinks: expected at least one sink = undefined',
  ]);
});

test('aliases of aliases do not fill the memory', async () => {
  const letters = [...'abcdefghijklm'];
  const lines = letters.map((letter, index) => {
    const values = Array(9).fill(index === 0 ? 'x' : `*${letters[index - 1]}`);
    return `${letter}: &${letter} [${values.join(', ')}]`;
  });
  const problems = await problemsOf(`${lines.join('\n')}\n${plugins}`);
  expect(problems).toEqual(['5:8 e.0: the aliases up to here stand for more than 10000 values = write the values out']);
});

test('a second document is told in our own words', async () => {
  const [problem] = await problemsOf(`version: 1\n${plugins}---\nversion: 1\n`);
  expect(problem).toContain('a second document begins here = the file holds one document');
});

test('a directory, and a file that may not be read, have advice of their own', async () => {
  expect(await problemsOf('', '.')).toEqual(['0:0 : this is a directory = name the file within it']);
});

test('a file that this user may not read', async () => {
  const folder = createFolder({ 'signalbox.yaml': plugins });
  chmodSync(join(folder, 'signalbox.yaml'), 0);
  // Root may read everything: the test becomes somebody else for a moment.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  const error = await loadConfig('signalbox.yaml', { workingDirectory: folder }).catch((thrown) => thrown);
  if (isRoot) process.seteuid?.(0);
  expect(error.problems[0].message).toBe('this user may not read the file');
});

test('control characters of the file do not reach the terminal, and the mark stays below its place', async () => {
  const folder = createFolder({ 'signalbox.yaml': 'version: 1\nname\u007f: "\u001b[2J"\n' });
  const error = await loadConfig('signalbox.yaml', { workingDirectory: folder }).catch((thrown) => thrown);
  const text = renderProblems(error.problems, createColors(false));
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  expect(text).toContain('  2 | name␡: "␛[2J"\n    | ^^^^^\n');
});
