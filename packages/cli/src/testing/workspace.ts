import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

const zodUrl = pathToFileURL(createRequire(import.meta.url).resolve('zod')).href;

/** A folder of its own for one test, gone afterwards. Answers with its path. */
export function createFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

export interface PluginText {
  readonly kind: 'source' | 'transform' | 'sink';
  readonly type?: string;
  readonly apiVersion?: number;
  /** A zod expression. Default: no options. */
  readonly options?: string;
  /** The body of `create(options)`. */
  readonly create?: string;
}

/** The text of a module with a plugin in it that needs nothing from node_modules but what is spelled out here. */
export function pluginModule({
  kind,
  type = 'test',
  apiVersion = 1,
  options,
  create = 'return {};',
}: PluginText): string {
  return `
import { z } from '${zodUrl}';
const options = ${options ?? 'z.strictObject({})'};
export default Object.assign(
  (input) => {
    const options_ = options.parse(input ?? {});
    return ((options) => { ${create} })(options_);
  },
  { kind: '${kind}', type: '${type}', apiVersion: ${apiVersion}, description: 'A ${kind} for tests.', options },
);
`;
}

/** A source that yields the services of a file `services.json` beside it, and then waits; with `fail` it throws instead. */
export const fileSource: string = `
import { readFileSync } from 'node:fs';
${pluginModule({
  kind: 'source',
  type: 'file',
  options: `z.strictObject({
    path: z.string().meta({ description: 'Where the services are.' }),
    password: z.string().optional().meta({ description: 'Not for others.', writeOnly: true }),
    fail: z.string().optional(),
  })`,
  create: `
    return {
      async *watch({ signal }) {
        if (options.fail) {
          throw Object.assign(new Error('connecting to the upstream'), {
            [Symbol.for('signalbox.error')]: true, code: options.fail, retryable: false, hint: 'start it',
          });
        }
        yield JSON.parse(readFileSync(options.path, 'utf8'));
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
      async probe() { readFileSync(options.path); },
    };`,
})}`;

/** A sink that keeps the names of the services, one a line, in a file. */
export const fileSink: string = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
${pluginModule({
  kind: 'sink',
  type: 'names',
  options: `z.strictObject({ path: z.string(), intervalMs: z.number().default(1000) })`,
  create: `
    const render = (catalog) => [...catalog.services.values()].map((service) => service.name + '\\n').join('');
    return {
      async plan(catalog) {
        const wanted = render(catalog);
        const actual = existsSync(options.path) ? readFileSync(options.path, 'utf8') : undefined;
        const changes = wanted === actual ? [] : [{
          action: actual === undefined ? 'create' : 'update', target: options.path,
          summary: catalog.services.size + ' services', services: [...catalog.services.keys()],
        }];
        return { changes, warnings: [], async apply() { writeFileSync(options.path, wanted); } };
      },
      async render(catalog) { return new Map([['names.txt', render(catalog)]]); },
    };`,
})}`;
