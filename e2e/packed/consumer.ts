import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export const root: string = fileURLToPath(new URL('../../', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | { readonly default?: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/** A folder with nothing in it but the packed packages, as they would come from a registry. */
export interface Consumer {
  readonly folder: string;
  /** Every published entry point, such as `@signalbox/testkit/contracts`. */
  readonly entryPoints: readonly string[];
  run(program: string, ...words: string[]): Promise<string>;
  copyIn(from: string, to: string): void;
}

/** Packs everything that is published, and the example plugin, and installs it into an empty folder with npm. */
export async function createConsumer(folder: string): Promise<Consumer> {
  const packages = listPackages();
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const workspaces = packages.flatMap(({ name }) => ['--workspace', name]);
  await npm(root, 'pack', '--ignore-scripts', '--pack-destination', tarballs, ...workspaces);
  const files = readdirSync(tarballs).map((name) => `./tarballs/${name}`);
  if (files.length !== packages.length) throw new Error(`packed ${files.length} of ${packages.length} packages`);

  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  // What a plugin author has besides: a test runner, and types of Node.
  const { vitest, '@types/node': types } = readManifest(root).devDependencies;
  const tools = [`vitest@${vitest}`, `@types/node@${types}`];
  await npm(folder, 'install', '--no-audit', '--no-fund', '--prefer-offline', ...files, ...tools);
  return {
    folder,
    entryPoints: packages.flatMap(({ name, exports = {} }) =>
      Object.keys(exports)
        .filter((subpath) => subpath !== './package.json')
        .map((subpath) => join(name, subpath)),
    ),
    async run(program, ...words) {
      const { stdout } = await execute(program, words, { cwd: folder });
      return stdout;
    },
    copyIn: (from, to) => cpSync(join(root, from), join(folder, to), { recursive: true }),
  };
}

function listPackages(): readonly Manifest[] {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  const published = folders.filter(
    (folder) => existsSync(join(folder, 'package.json')) && !readManifest(folder).private,
  );
  const packages = [...published, join(root, 'examples/custom-source')];
  const missing = packages.flatMap(listBuiltFiles).filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')}; build first: npm run build`);
  return packages.map(readManifest);
}

function listBuiltFiles(folder: string): readonly string[] {
  const { exports = {}, bin = {} } = readManifest(folder);
  const targets = [...Object.values(exports), ...Object.values(bin)].map((target) =>
    typeof target === 'string' ? target : (target.default ?? ''),
  );
  return targets.map((target) => join(folder, target));
}

function readManifest(folder: string): Manifest & { readonly devDependencies: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

async function npm(folder: string, ...words: string[]): Promise<void> {
  try {
    await execute('npm', words, { cwd: folder, maxBuffer: 16 * 1024 * 1024, timeout: 150_000 });
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string };
    throw new Error(`npm ${words[0]}: ${stderr.slice(-2_000)}`, { cause: error });
  }
}
