import { type ErrorCode, isPipelineError, messageOf, type PluginKind } from '@signalbox/core';
import { type AnyPlugin, type ResolvedPlugin, resolvePlugin } from '../plugins/resolve.ts';
import { fingerprintPlugin } from './fingerprint.ts';
import type { JsonSchema } from './json-schema.ts';
import type { ProblemCollector } from './problem-collector.ts';
import { readValue } from './read-value.ts';
import { validateAt } from './report-issues.ts';
import { type ConfigNode, type MapNode, type Path, toData } from './tree.ts';

export interface ConfiguredPlugin {
  readonly kind: PluginKind;
  /** Where it stands in the file, e.g. `['sources', 'mesos']`. */
  readonly path: Path;
  readonly type: string;
  /** The package or module it came from. */
  readonly origin: string;
  /** Of the module, as in {@link ResolvedPlugin}. */
  readonly revision: string;
  readonly description: string;
  /** The source, the transform or the sink, made with the options of the file. */
  readonly instance: unknown;
  /** Equal for two plugins of the same type whose options differ in nothing but secrets. */
  readonly fingerprint: string;
}

/** A place in the file where a plugin is configured. */
export interface PluginPlace {
  readonly kind: PluginKind;
  readonly path: Path;
  readonly node: MapNode;
}

/** Resolves every plugin of the file that is wanted and makes it, as far as its options are good. */
export async function readPlugins(
  tree: ConfigNode,
  configFile: string,
  problems: ProblemCollector,
  isWanted: (kind: PluginKind) => boolean = () => true,
): Promise<readonly ConfiguredPlugin[]> {
  const plugins: ConfiguredPlugin[] = [];
  for (const place of findPluginPlaces(tree)) {
    if (!isWanted(place.kind)) continue;
    const plugin = await readPlugin(place, configFile, problems);
    if (plugin !== undefined) plugins.push(plugin);
  }
  return plugins;
}

export function* findPluginPlaces(tree: ConfigNode): Iterable<PluginPlace> {
  yield* findNamed(tree, 'source', 'sources');
  yield* findTransforms(tree, []);
  yield* findNamed(tree, 'sink', 'sinks');
}

function* findNamed(tree: ConfigNode, kind: PluginKind, key: string): Iterable<PluginPlace> {
  const section = entryOf(tree, key);
  if (section?.kind !== 'map') return;
  for (const [id, { node }] of section.entries) {
    if (node.kind !== 'map') continue;
    yield { kind, path: [key, id], node };
    yield* findTransforms(node, [key, id]);
  }
}

function* findTransforms(parent: ConfigNode, path: Path): Iterable<PluginPlace> {
  const list = entryOf(parent, 'transforms');
  if (list?.kind !== 'list') return;
  for (const [index, node] of list.items.entries()) {
    if (node.kind === 'map') yield { kind: 'transform', path: [...path, 'transforms', index], node };
  }
}

/** The type that is written at a place, when it is a word at all. */
export function typeAt(place: PluginPlace): string | undefined {
  const node = entryOf(place.node, 'type');
  return node?.kind === 'scalar' && typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
}

async function readPlugin(
  place: PluginPlace,
  configFile: string,
  problems: ProblemCollector,
): Promise<ConfiguredPlugin | undefined> {
  const { kind, path } = place;
  const type = typeAt(place);
  const typeNode = entryOf(place.node, 'type');
  if (type === undefined || typeNode === undefined || problems.isReported(typeNode)) return undefined;
  const report = (error: unknown, fallback: ErrorCode): void =>
    problems.add({
      path: [...path, 'type'],
      range: typeNode.range,
      code: isPipelineError(error) ? error.code : fallback,
      message: messageOf(error),
      advice: isPipelineError(error) ? error.hint : undefined,
    });
  let resolved: ResolvedPlugin;
  let schema: JsonSchema;
  try {
    resolved = await resolvePlugin(kind, type, configFile);
    schema = jsonSchemaOf(resolved.plugin);
  } catch (error) {
    return void report(error, 'PLUGIN_INVALID');
  }
  const options = readOptions(place, resolved.plugin, schema, problems);
  if (options === undefined) return undefined;
  try {
    const instance = resolved.plugin(options);
    const { origin, revision, plugin } = resolved;
    const fingerprint = fingerprintPlugin(type, optionsNodeOf(place), schema);
    return { kind, path, type, origin, revision, description: plugin.description, instance, fingerprint };
  } catch (error) {
    return void report(error, 'CONFIG_INVALID');
  }
}

/** The schema of a plugin's options as they are given, before defaults. */
export function jsonSchemaOf(plugin: AnyPlugin): JsonSchema {
  return plugin.options['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
}

/** The options as the plugin takes them, or `undefined` when they cannot be used, which was reported then. */
function readOptions(place: PluginPlace, plugin: AnyPlugin, schema: JsonSchema, problems: ProblemCollector): unknown {
  const written = entryOf(place.node, 'options');
  if (written !== undefined && written.kind !== 'map' && toData(written) !== null) return undefined;
  const node = optionsNodeOf(place);
  const path = [...place.path, 'options'];
  const options = readValue(node, schema, path, problems);
  return validateAt(plugin.options, options, node, path, problems) === undefined ? undefined : options;
}

/** Without options, what is missing is reported at the plugin itself. */
function optionsNodeOf({ node }: PluginPlace): MapNode {
  const written = entryOf(node, 'options');
  return written?.kind === 'map' ? written : { kind: 'map', range: node.range, entries: new Map() };
}

function entryOf(node: ConfigNode, key: string): ConfigNode | undefined {
  return node.kind === 'map' ? node.entries.get(key)?.node : undefined;
}
