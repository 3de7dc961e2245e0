import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { apiVersion, messageOf, type OptionsSchema, PipelineError, type PluginKind } from '@signalbox/core';
import { suggest } from '../config/suggest.ts';
import { findModule } from './find-module.ts';
import { listOfficialPlugins } from './installation.ts';

/** A plugin of any kind, as the CLI sees it. */
export interface AnyPlugin {
  (options: unknown): unknown;
  readonly kind: PluginKind;
  readonly type: string;
  readonly apiVersion: number;
  readonly description: string;
  readonly options: OptionsSchema<unknown>;
}

export interface ResolvedPlugin {
  readonly plugin: AnyPlugin;
  /** The package or the file it came from, for people. */
  readonly origin: string;
  /** Another one after a module file changed; empty for a package, which stays loaded as it is. */
  readonly revision: string;
}

/**
 * Finds and loads the plugin that a `type` in a configuration file means. Looks from the file's folder first, then from
 * the CLI's own installation. Searches and installs nothing else.
 *
 * @throws {PipelineError} `PLUGIN_NOT_FOUND` or `PLUGIN_INVALID`
 */
export async function resolvePlugin(kind: PluginKind, type: string, configFile: string): Promise<ResolvedPlugin> {
  const specifiers = toSpecifiers(kind, type);
  for (const specifier of specifiers) {
    const found = isPath(specifier) ? findFile(specifier, configFile) : findPackage(specifier, configFile);
    if (found === undefined) continue;
    return { plugin: await loadPlugin(found.url, kind, specifier), origin: specifier, revision: found.revision };
  }
  throw new PipelineError(`no ${kind} plugin "${type}"`, {
    code: 'PLUGIN_NOT_FOUND',
    hint: adviseOnType(kind, type, specifiers, configFile),
  });
}

function toSpecifiers(kind: PluginKind, type: string): readonly string[] {
  if (type.startsWith('npm:')) return [type.slice('npm:'.length)];
  if (type.startsWith('@') || isPath(type)) return [type];
  if (!/^[a-z0-9][a-z0-9-]*$/.test(type)) return [];
  return kind === 'transform'
    ? [`@signalbox/transform-${type}`, `@signalbox/transforms/${type}`]
    : [`@signalbox/${kind}-${type}`];
}

function isPath(specifier: string): boolean {
  return /^(\.{0,2}\/|file:)/.test(specifier);
}

interface FoundModule {
  readonly url: string;
  readonly revision: string;
}

/** Node keeps a module by its URL for ever; the time of its last change in it makes an edited one another module. */
function findFile(specifier: string, configFile: string): FoundModule | undefined {
  const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(dirname(configFile), specifier);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const revision = `${stats.mtimeMs}-${stats.size}`;
  return { url: `${pathToFileURL(path).href}?revision=${revision}`, revision };
}

function findPackage(specifier: string, configFile: string): FoundModule | undefined {
  const url = findModule(specifier, configFile) ?? findModule(specifier, fileURLToPath(import.meta.url));
  return url === undefined ? undefined : { url, revision: '' };
}

async function loadPlugin(url: string, kind: PluginKind, specifier: string): Promise<AnyPlugin> {
  let module: { readonly default?: unknown };
  try {
    module = await import(url);
  } catch (error) {
    throw invalid(`loading "${specifier}": ${messageOf(error)}`, 'the module must load without errors', error);
  }
  const plugin = unwrap(module.default);
  if (!isPlugin(plugin)) {
    throw invalid(
      `"${specifier}" exports no plugin`,
      `its default export must be what define${kind.charAt(0).toUpperCase()}${kind.slice(1)}() returns`,
    );
  }
  if (plugin.apiVersion !== apiVersion) {
    throw invalid(
      `"${specifier}" is made for version ${plugin.apiVersion} of the plugin interface, this is version ${apiVersion}`,
      plugin.apiVersion > apiVersion ? 'use a newer signalbox' : 'use a newer version of the plugin',
    );
  }
  if (plugin.kind !== kind) {
    throw invalid(`"${specifier}" is a ${plugin.kind}, not a ${kind}`, `move it to "${plugin.kind}s"`);
  }
  return plugin;
}

/** A CommonJS package that was compiled from a default export holds it one level deeper. */
function unwrap(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'default' in value ? value.default : value;
}

function isPlugin(value: unknown): value is AnyPlugin {
  return (
    typeof value === 'function' &&
    'kind' in value &&
    'type' in value &&
    'apiVersion' in value &&
    'options' in value &&
    typeof value.options === 'object' &&
    value.options !== null &&
    '~standard' in value.options
  );
}

function invalid(message: string, hint: string, cause?: unknown): PipelineError {
  return new PipelineError(message, { code: 'PLUGIN_INVALID', hint, cause });
}

function adviseOnType(kind: PluginKind, type: string, specifiers: readonly string[], configFile: string): string {
  if (specifiers.length === 0) {
    return 'write a bare word of lower-case letters, digits and hyphens, npm:<name>, @scope/name or ./file.js';
  }
  if (isPath(type)) return `there is no file ${resolve(dirname(configFile), type)}`;
  const looked = `looked for ${specifiers.join(' and ')} from ${dirname(configFile)} and beside signalbox`;
  if (type.startsWith('npm:') || type.startsWith('@')) return `${looked}; install it there with npm`;
  const official = listOfficialPlugins();
  const namesake = official.find((plugin) => plugin.type === type);
  const known = official.filter((plugin) => plugin.kind === kind).map((plugin) => plugin.type);
  if (namesake !== undefined)
    return `${type} is a ${namesake.kind}: move it to "${namesake.kind}s"; known ${kind}s: ${known.join(', ')}`;
  const meant = suggest(type, known);
  return `${meant === undefined ? '' : `did you mean "${meant}"? `}known ${kind}s: ${known.join(', ')}; ${looked}`;
}
