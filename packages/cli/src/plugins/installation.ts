import { createRequire } from 'node:module';

/** Resolves from where the CLI itself is installed. */
const requireFromHere = createRequire(import.meta.url);

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** This package's own manifest, found through its own name: from the sources and from the build alike. */
export function readOwnManifest(): Manifest {
  return requireFromHere('signalbox/package.json') as Manifest;
}

export interface OfficialPlugin {
  readonly kind: 'source' | 'transform' | 'sink';
  /** The bare word in YAML. */
  readonly type: string;
  readonly specifier: string;
}

/** What this package depends on, by the naming rule of official packages. There is no other list to keep in step. */
export function listOfficialPlugins(): readonly OfficialPlugin[] {
  const plugins: OfficialPlugin[] = [];
  for (const specifier of Object.keys(readOwnManifest().dependencies ?? {})) {
    const match = /^@signalbox\/(source|transform|sink)-(.+)$/.exec(specifier);
    if (match?.[2] !== undefined && match[2] !== 'kit') {
      plugins.push({ kind: match[1] as OfficialPlugin['kind'], type: match[2], specifier });
    }
  }
  for (const type of listTransformSubpaths()) {
    plugins.push({ kind: 'transform', type, specifier: `@signalbox/transforms/${type}` });
  }
  const order = ['source', 'transform', 'sink'];
  return plugins.sort(
    (left, right) => order.indexOf(left.kind) - order.indexOf(right.kind) || left.type.localeCompare(right.type),
  );
}

function listTransformSubpaths(): readonly string[] {
  const { exports = {} } = requireFromHere('@signalbox/transforms/package.json') as Manifest;
  return Object.keys(exports).flatMap((subpath) => /^\.\/([a-z0-9-]+)$/.exec(subpath)?.[1] ?? []);
}
