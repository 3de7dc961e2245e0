import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

const root = fileURLToPath(new URL('../', import.meta.url));
const signalbox = join(root, 'packages/cli/dist/signalbox.js');
const folder = mkdtempSync(join(tmpdir(), 'signalbox-samples-'));

beforeAll(() => {
  if (!existsSync(signalbox)) throw new Error(`${signalbox} is missing; build first: npm run build`);
  mkdirSync(join(folder, 'secrets'));
  writeFileSync(join(folder, 'secrets/marathon'), 'only-an-example\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Sample {
  /** File and line, for people. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

/** A file of this repository in a page. It has tests of its own, where its neighbours are. */
const snippet = /^<!-- snippet: .*?^<!-- \/snippet -->$/gms;

const samples = listDocuments().flatMap(listSamples);

/** What a fragment of a configuration file is put into. */
const surroundings = {
  version: 1,
  sources: { surrounding: { type: 'marathon', options: { urls: ['http://leader.mesos:8080'] } } },
  sinks: { surrounding: { type: 'haproxy', options: { config: '/etc/haproxy/haproxy.cfg' } } },
};

test.each(samplesIn('yaml').filter(isConfiguration))(
  '$place is a configuration file, or a part of one',
  async (sample) => {
    const text = sample.text.replace(/\$\{file:[^}]*\}/g, '$${file:secrets/marathon}');
    const written = parse(text) as object;
    const isWhole = Object.keys(surroundings).every((key) => key in written);
    const file = join(folder, `${sample.place.replace(/\W+/g, '-')}.yaml`);
    writeFileSync(file, isWhole ? text : stringify({ ...surroundings, ...written }));
    const env = { PATH: process.env.PATH, MARATHON_URL: 'http://leader.mesos:8080' };
    const { stdout } = await promisify(execFile)(process.execPath, [signalbox, '-c', file, 'check'], { env });
    expect(stdout).toContain('valid');
  },
);

test('every TypeScript sample compiles', () => {
  const files = new Map(samplesIn('ts').map((sample, index) => [join(root, 'e2e', `sample-${index}.ts`), sample]));
  expect(files.size).toBeGreaterThan(5);
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, noUnusedLocals: false }, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name)?.text ?? readFile(name);
  const program = ts.createProgram([...files.keys()], options, host);
  const problems = [...files].flatMap(([name, { place }]) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(name))
      .map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
  expect(problems).toEqual([]);
});

/** Not only the options of some plugin, which nobody can check without knowing which. */
function isConfiguration({ text }: Sample): boolean {
  const keys = ['version', 'stateDir', 'sources', 'transforms', 'sinks', 'guards', 'settle', 'resync', 'admin'];
  const written: unknown = parse(text);
  return typeof written === 'object' && written !== null && Object.keys(written).some((key) => keys.includes(key));
}

function samplesIn(language: string): readonly Sample[] {
  return samples.filter((sample) => sample.language === language);
}

function listDocuments(): readonly string[] {
  const pages = readdirSync(join(root, 'apps/docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !/^(node_modules|\.vitepress)\b/.test(name))
    .map((name) => join('apps/docs', name));
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'README.md'));
  const others = ['README.md', 'ARCHITECTURE.md', 'examples/custom-source/README.md'];
  return [...others, ...packages, ...pages].map((name) => join(root, name)).filter(existsSync);
}

function listSamples(file: string): readonly Sample[] {
  const text = readFileSync(file, 'utf8').replaceAll(snippet, blankLines);
  return [...text.matchAll(/^```(\w+)[^\n]*\n(.*?)^```/gms)].map(({ 1: language = '', 2: body = '', index }) => ({
    place: `${relative(root, file)}:${text.slice(0, index).split('\n').length}`,
    language,
    text: body,
  }));
}

/** Keeps the numbers of the lines that follow. */
function blankLines(text: string): string {
  return text.replace(/[^\n]/g, '');
}
