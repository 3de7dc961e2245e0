import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Completes package-lock.json after `npm install`: npm leaves out optional packages of other platforms when the registry that it
 * asks does not carry them, and `npm ci` then refuses the file everywhere. Run: `npx tsx scripts/complete-lock.ts`.
 */

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  packages: Record<string, LockEntry>;
}

interface MissingEntry {
  /** Key of the package that wants it. */
  readonly parent: string;
  readonly name: string;
  readonly version: string;
}

const lockPath = fileURLToPath(new URL('../package-lock.json', import.meta.url));

export function readLock(): Lock {
  return JSON.parse(readFileSync(lockPath, 'utf8')) as Lock;
}

/** Optional dependencies without an entry where Node would look for them. */
export function listMissing({ packages }: Lock): MissingEntry[] {
  return Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => findEntry(packages, parent, name) === undefined)
      .map(([name, version]) => ({ parent, name, version })),
  );
}

function findEntry(packages: Lock['packages'], parent: string, name: string): LockEntry | undefined {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const entry = packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
    if (entry !== undefined || folder === '') return entry;
  }
}

/** Adds what is missing. Without a checksum, which only the registry knows; npm then takes the package as it comes. */
export function completeLock(lock: Lock): Lock {
  const packages = { ...lock.packages };
  for (const { parent, name, version } of listMissing(lock)) {
    if (!/^\d/.test(version))
      throw new Error(`${name} is wanted as "${version}", and only exact versions can be completed`);
    const dev = packages[parent]?.dev;
    packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(dev === true && { dev }),
      optional: true,
    } as LockEntry;
  }
  const sorted = Object.entries(packages).sort(([left], [right]) => left.localeCompare(right, 'en'));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

const systems: Readonly<Record<string, string>> = { windows: 'win32' };
const processors: Readonly<Record<string, string>> = { '64': 'x64' };

/** `@rollup/rollup-linux-arm64-musl` → Linux on arm64 with musl. */
export function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } {
  const found =
    /(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|win32|windows)-([a-z0-9]+)(?:-([a-z]+))?$/.exec(name);
  if (found === null) throw new Error(`the name ${name} does not say which platform it is for`);
  const [, system = '', processor = '', abi = ''] = found;
  const libc =
    system !== 'linux' ? undefined : abi.startsWith('musl') ? 'musl' : abi.startsWith('gnu') ? 'glibc' : undefined;
  return {
    os: [systems[system] ?? system],
    cpu: [processors[processor] ?? processor],
    ...(libc === undefined ? {} : { libc: [libc] }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = readLock();
  const missing = listMissing(lock);
  if (missing.length > 0) writeFileSync(lockPath, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  console.log(`${missing.length} packages of other platforms added to package-lock.json`);
}
