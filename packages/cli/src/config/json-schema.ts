import { type ConfigNode, isMillisecondsKey, type MapNode } from './tree.ts';

/** The keywords of JSON Schema (draft 2020-12) that the reader looks at. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: boolean | JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly writeOnly?: boolean;
  readonly [keyword: string]: unknown;
}

/**
 * The one schema that a node can only be meant for: references followed, `allOf` joined, the fitting branch of `anyOf` or
 * `oneOf` taken. Where several branches fit equally well nothing is said (`{}`), and validation decides.
 */
export function chooseSchema(schema: JsonSchema, node: ConfigNode, root: JsonSchema): JsonSchema {
  const plain = flattenSchema(schema, root);
  const branches = plain.anyOf ?? plain.oneOf;
  if (branches === undefined) return plain;
  const { anyOf: _anyOf, oneOf: _oneOf, ...outer } = plain;
  const fitting = branches.map((branch) => flattenSchema(branch, root)).filter((branch) => fits(branch, node, root));
  if (node.kind === 'scalar') {
    return {
      ...outer,
      type: fitting.flatMap(typesOf),
      writeOnly: [outer, ...fitting].some((each) => each.writeOnly === true),
    };
  }
  const ranked = node.kind === 'map' ? closestBranches(fitting, node) : fitting;
  const [only] = ranked;
  if (only === undefined || ranked.length > 1) return outer.properties === undefined ? {} : outer;
  return chooseSchema(joinSchemas(outer, only), node, root);
}

/** Follows `$ref` within the same document and joins `allOf`. */
export function flattenSchema(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let plain = schema;
  // A chain of references that never ends is a mistake in the plugin; it must not hang the reader.
  for (let depth = 0; plain.$ref !== undefined && depth < 32; depth += 1) {
    const { $ref, ...siblings } = plain;
    plain = joinSchemas(resolveReference($ref, root), siblings);
  }
  if (plain.allOf === undefined) return plain;
  const { allOf, ...own } = plain;
  return allOf.map((part) => flattenSchema(part, root)).reduce(joinSchemas, own);
}

function resolveReference(reference: string, root: JsonSchema): JsonSchema {
  let target: unknown = root;
  for (const segment of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    target = typeof target === 'object' && target !== null ? Reflect.get(target, key) : undefined;
  }
  return (target ?? {}) as JsonSchema;
}

function joinSchemas(left: JsonSchema, right: JsonSchema): JsonSchema {
  const joined = { ...left, ...right };
  if (left.properties === undefined || right.properties === undefined) return joined;
  return { ...joined, properties: { ...left.properties, ...right.properties } };
}

export function typesOf(schema: JsonSchema): readonly string[] {
  if (schema.type !== undefined) return typeof schema.type === 'string' ? [schema.type] : schema.type;
  if (schema.const !== undefined) return [typeOf(schema.const)];
  return [...new Set((schema.enum ?? []).map(typeOf))];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Whether any branch, at any depth, is a number. */
export function allowsNumber(schema: JsonSchema, root: JsonSchema): boolean {
  const plain = flattenSchema(schema, root);
  if (typesOf(plain).some((type) => type === 'number' || type === 'integer')) return true;
  return [...(plain.anyOf ?? []), ...(plain.oneOf ?? [])].some((branch) => allowsNumber(branch, root));
}

function fits(schema: JsonSchema, node: ConfigNode, root: JsonSchema): boolean {
  const types = typesOf(schema);
  const nested = schema.anyOf ?? schema.oneOf;
  if (types.length === 0)
    return nested === undefined || nested.some((branch) => fits(flattenSchema(branch, root), node, root));
  if (node.kind === 'list') return types.includes('array');
  if (node.kind === 'scalar') return types.some((type) => type !== 'array' && type !== 'object');
  if (!types.includes('object')) return false;
  // A constant, such as `kind: http`, decides between branches.
  return Object.entries(schema.properties ?? {}).every(([key, property]) => {
    const given = node.entries.get(key)?.node;
    return (
      property.const === undefined || given === undefined || (given.kind === 'scalar' && given.value === property.const)
    );
  });
}

/** The branches that know the most of the keys that are written. */
function closestBranches(branches: readonly JsonSchema[], node: MapNode): readonly JsonSchema[] {
  if (branches.length < 2) return branches;
  const known = branches.map(
    (branch) => [...node.entries.keys()].filter((key) => findProperty(branch, key) !== undefined).length,
  );
  const most = Math.max(...known);
  return branches.filter((_, index) => known[index] === most);
}

/** The property that a key in the file stands for: `timeout` may stand for `timeoutMs`. */
export function findProperty(
  schema: JsonSchema,
  key: string,
): { readonly name: string; readonly schema: JsonSchema; readonly isDuration: boolean } | undefined {
  const properties = schema.properties ?? {};
  const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (own !== undefined) return { name: key, schema: own, isDuration: false };
  const name = `${key}Ms`;
  const duration = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return duration !== undefined && isMillisecondsKey(name) ? { name, schema: duration, isDuration: true } : undefined;
}
