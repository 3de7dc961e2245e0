import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package may use those of a lower layer. Sources, transforms and sinks share one: none of them imports another. */
const layers: readonly { readonly layer: string; readonly names: RegExp }[] = [
  { layer: 'core', names: /^@signalbox\/core$/ },
  { layer: 'kit', names: /^@signalbox\/(testkit|[a-z]+-kit)$/ },
  { layer: 'plugin', names: /^@signalbox\/(source|sink|transform)-[a-z-]+$|^@signalbox\/transforms$/ },
  { layer: 'admin', names: /^@signalbox\/(admin|dashboard)$/ },
  { layer: 'cli', names: /^signalbox$/ },
];

const installScripts = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];
const maxLines = 400;

const packages = readdirSync(join(root, 'packages'))
  .map((folder) => join(root, 'packages', folder))
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest }));

function layerOf(name: string): number {
  return layers.findIndex(({ names }) => names.test(name));
}

function isOurs(name: string): boolean {
  return name === 'signalbox' || name.startsWith('@signalbox/');
}

function listFiles(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return pattern.test(entry.name) ? [path] : [];
    return ['node_modules', 'dist', 'fixtures', 'golden', 'generated'].includes(entry.name) ||
      entry.name.startsWith('.')
      ? []
      : listFiles(path, pattern);
  });
}

/** Names of the packages that a file imports, types and dynamic imports included. */
function listImports(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^\s*(\*|\/\/).*$/gm, '');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'((?:@[a-z0-9-]+\/)?[a-z0-9][a-z0-9-]*)(?:\/[^']*)?'/g);
  return [...new Set([...found].map(([, name]) => name as string))];
}

describe.each(packages)('$manifest.name', ({ folder, manifest }) => {
  // `testing` holds what the tests of one package share.
  const sources = listFiles(join(folder, 'src'), /(?<!\.test)\.ts$/).filter((file) => !file.includes('/testing/'));

  test('has a place among the layers', () => {
    expect(layerOf(manifest.name)).toBeGreaterThanOrEqual(0);
  });

  test('depends on lower layers only', () => {
    const used = new Set([
      ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
      ...sources.flatMap(listImports),
    ]);
    const own = layerOf(manifest.name);
    const higher = [...used].filter((name) => isOurs(name) && name !== manifest.name && layerOf(name) >= own);
    expect(higher).toEqual([]);
  });

  test('imports at run time only what it declares', () => {
    const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
    const imported = sources.flatMap((file) => listImports(file).map((name) => ({ name, file: relative(root, file) })));
    const unknown = imported.filter(({ name }) => !declared.has(name) && !isBuiltIn(name) && name !== manifest.name);
    expect(unknown).toEqual([]);
  });

  test('is complete when it is published', () => {
    if (manifest.private === true) return;
    expect(existsSync(join(folder, 'README.md')), 'README.md is missing').toBe(true);
    expect(manifest.description?.trim()).toBeTruthy();
    expect(manifest.engines).toEqual({ node: '>=20.19' });
    expect(Object.keys(manifest.exports ?? {})).toContain('.');
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => installScripts.includes(name))).toEqual([]);
  });

  test('develops against core as well, where it is a peer', () => {
    // Otherwise turbo does not know that a change of core concerns this package.
    for (const name of Object.keys(manifest.peerDependencies ?? {}).filter(isOurs)) {
      expect(manifest.devDependencies).toHaveProperty([name]);
    }
  });
});

function isBuiltIn(name: string): boolean {
  return name === 'node' || name.startsWith('node:');
}

test('core has no dependencies at run time', () => {
  const core = packages.find(({ manifest }) => manifest.name === '@signalbox/core');
  expect(core?.manifest.dependencies ?? {}).toEqual({});
  expect(core?.manifest.peerDependencies ?? {}).toEqual({});
});

test('the layers really refuse', () => {
  expect(layerOf('@signalbox/sink-haproxy')).toBe(layerOf('@signalbox/source-marathon'));
  expect(layerOf('@signalbox/sink-kit')).toBeLessThan(layerOf('@signalbox/sink-haproxy'));
  expect(layerOf('@signalbox/unheard-of')).toBe(-1);
});

test(`no file is longer than ${maxLines} lines`, () => {
  const folders = ['packages', 'apps', 'examples', 'bench', 'e2e', 'scripts'].map((name) => join(root, name));
  const long = folders
    .flatMap((folder) => listFiles(folder, /\.(ts|tsx|mts|vue|css)$/))
    .map((file) => ({ file: relative(root, file), lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > maxLines);
  expect(long).toEqual([]);
});
