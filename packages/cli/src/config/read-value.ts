import { parseDuration } from './durations.ts';
import { allowsNumber, chooseSchema, findProperty, type JsonSchema, typesOf } from './json-schema.ts';
import { ProblemCollector } from './problem-collector.ts';
import { suggest } from './suggest.ts';
import {
  type ConfigNode,
  isEmpty,
  isMillisecondsKey,
  type MapEntry,
  type MapNode,
  type Path,
  type ScalarNode,
  toFileKey,
} from './tree.ts';

/**
 * Turns a part of the file into the data that a schema describes: `timeout: 5s` becomes `timeoutMs: 5000`, a leaf that was
 * wholly one `${…}` becomes a number or a boolean where one is wanted. Unknown keys and bad durations are reported and left
 * out; all else is left to validation. A key without a value counts as absent.
 */
export function readValue(node: ConfigNode, schema: JsonSchema, path: Path, problems: ProblemCollector): unknown {
  return read(node, schema, path, { problems, root: schema, omitsSecrets: false });
}

/** The same of a part that was read already, with `null` in the place of everything that is marked `writeOnly`. */
export function readValueWithoutSecrets(node: ConfigNode, schema: JsonSchema): unknown {
  return read(node, schema, [], { problems: new ProblemCollector('', ''), root: schema, omitsSecrets: true });
}

interface ReadState {
  readonly problems: ProblemCollector;
  readonly omitsSecrets: boolean;
  readonly root: JsonSchema;
}

function read(node: ConfigNode, schema: JsonSchema, path: Path, state: ReadState): unknown {
  const chosen = chooseSchema(schema, node, state.root);
  if (chosen.writeOnly === true) {
    if (state.omitsSecrets) return null;
    state.problems.concealNode(node);
  }
  if (node.kind === 'scalar') return readScalar(node, chosen);
  if (node.kind === 'map') return readMap(node, chosen, path, state);
  return node.items.map((item, index) => {
    const itemSchema = chosen.prefixItems?.[index] ?? chosen.items;
    return read(item, typeof itemSchema === 'object' ? itemSchema : {}, [...path, index], state);
  });
}

function readScalar(node: ScalarNode, schema: JsonSchema): unknown {
  if (node.substituted !== 'whole' || typeof node.value !== 'string') return node.value;
  const types = typesOf(schema);
  if (types.includes('string')) return node.value;
  const text = node.value.trim();
  const isNumber = types.includes('number') || types.includes('integer');
  if (isNumber && text !== '' && Number.isFinite(Number(text))) return Number(text);
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  return node.value;
}

function readMap(node: MapNode, schema: JsonSchema, path: Path, state: ReadState): Record<string, unknown> {
  const data: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of node.entries) {
    const entryPath = [...path, key];
    const property = findProperty(schema, key);
    if (property === undefined) {
      const rest = schema.additionalProperties;
      if (rest === false) reportUnknownKey(key, entry, schema, entryPath, state, node);
      else if (isAllowedName(key, entry, schema, entryPath, state)) {
        data[key] = read(entry.node, typeof rest === 'object' ? rest : {}, entryPath, state);
      }
    } else if (isUnknown(entry.node, property, state)) {
      // Left out: nobody knows what it is but that it is something.
    } else if (isEmpty(entry.node)) {
      if (typesOf(chooseSchema(property.schema, entry.node, state.root)).includes('null')) data[property.name] = null;
    } else if (property.isDuration && allowsNumber(property.schema, state.root)) {
      const value = readDuration(entry, property.schema, entryPath, state);
      if (value !== undefined) data[property.name] = value;
    } else if (!property.isDuration && isMillisecondsKey(key) && allowsNumber(property.schema, state.root)) {
      const value = entry.node.kind === 'scalar' ? entry.node.value : undefined;
      state.problems.add({
        path: entryPath,
        range: entry.key,
        node: entry.node,
        message: `durations carry their unit in the value, not in the key`,
        advice: `write "${toFileKey(key)}: ${typeof value === 'number' ? `${value}ms` : '5s'}"`,
      });
    } else {
      data[property.name] = read(entry.node, property.schema, entryPath, state);
    }
  }
  return { ...data };
}

/** Whether a word stands in for what is no free text. */
function isUnknown(
  node: ConfigNode,
  property: { readonly schema: JsonSchema; readonly isDuration: boolean },
  { root }: ReadState,
): boolean {
  if (node.kind !== 'scalar' || node.standIn !== true) return false;
  const { enum: allowed, ...schema } = chooseSchema(property.schema, node, root);
  return property.isDuration || allowed !== undefined || !typesOf(schema).includes('string');
}

function readDuration({ node }: MapEntry, schema: JsonSchema, path: Path, state: ReadState): unknown {
  const value = node.kind === 'scalar' ? node.value : undefined;
  const durationMs = parseDuration(value);
  if (durationMs !== undefined) return durationMs;
  const alternatives = typesOf(chooseSchema(schema, node, state.root));
  if (typeof value === 'boolean' && alternatives.includes('boolean')) return value;
  if (typeof value === 'string' && alternatives.includes('string')) return value;
  state.problems.add({
    path,
    range: node.range,
    node,
    message: 'expected a duration, such as 500ms, 30s or 5m',
    advice: adviseOnDuration(value),
  });
  return undefined;
}

function adviseOnDuration(value: unknown): string {
  if (typeof value === 'number') return `say the unit: ${value}s or ${value}ms`;
  const plain = String(value).replace(/\s/g, '').toLowerCase();
  const meant = [plain, `${plain}s`].find((text) => parseDuration(text) !== undefined);
  return meant === undefined ? 'the units are ms, s, m, h and d' : `write ${meant}`;
}

function reportUnknownKey(
  key: string,
  entry: MapEntry,
  schema: JsonSchema,
  path: Path,
  { problems }: ReadState,
  parent: MapNode,
): void {
  const known = Object.keys(schema.properties ?? {}).map((name) => String(toFileKey(name)));
  const meant = suggest(
    key,
    known.filter((name) => !parent.entries.has(name)),
  );
  problems.addUnknownKey(parent, meant);
  problems.add({
    path,
    range: entry.key,
    message: `unknown key "${key}"`,
    advice: meant === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${meant}"?`,
  });
}

function isAllowedName(key: string, entry: MapEntry, schema: JsonSchema, path: Path, { problems }: ReadState): boolean {
  const pattern = schema.propertyNames?.pattern;
  if (pattern === undefined || new RegExp(pattern).test(key)) return true;
  problems.add({
    path,
    range: entry.key,
    message: `"${key}" cannot be used as a name here`,
    advice: schema.propertyNames?.description ?? `it must match ${pattern}`,
  });
  return false;
}
