import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URL of the file that a bare specifier means for an importer, or `undefined` when there is none.
 * `import.meta.resolve` takes no other parent without a flag (Node 24 and before), so this asks `require.resolve`, which knows
 * the `default` condition and those given to Node, and looks up the `import` condition itself where a package has nothing else.
 */
export function findModule(specifier: string, importer: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  try {
    return pathToFileURL(createRequire(importer).resolve(specifier)).href;
  } catch {
    return findByImportCondition(specifier, dirname(importer));
  }
}

function findByImportCondition(specifier: string, folder: string): string | undefined {
  const [, name = '', subpath = ''] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
  for (let current = folder; ; current = dirname(current)) {
    const packageFolder = join(current, 'node_modules', name);
    const target = readExports(packageFolder, `.${subpath}`);
    if (target !== undefined) return pathToFileURL(join(packageFolder, target)).href;
    if (dirname(current) === current) return undefined;
  }
}

function readExports(packageFolder: string, subpath: string): string | undefined {
  let manifest: { readonly exports?: unknown };
  try {
    manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
  const { exports } = manifest;
  if (typeof exports === 'object' && exports !== null && Object.keys(exports).some((key) => key.startsWith('.'))) {
    return chooseTarget((exports as Record<string, unknown>)[subpath]);
  }
  return subpath === '.' ? chooseTarget(exports) : undefined;
}

/** The first matching condition, in the order in which the package wrote them (Node's packages documentation). */
function chooseTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, nested] of Object.entries(target)) {
    if (!['node', 'import', 'module-sync', 'default'].includes(condition)) continue;
    const chosen = chooseTarget(nested);
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}
