import { formatDuration } from '../../../packages/cli/src/config/durations.ts';
import type { JsonSchema } from '../../../packages/cli/src/config/json-schema.ts';
import { formatTable } from './markdown.ts';

interface Row {
  readonly option: string;
  readonly type: string;
  readonly description: string;
}

/** A Markdown table of all options, nested ones with dots, in the order of the schema. Keys that were listed before are referred to. */
export function optionsTable(schema: JsonSchema): string {
  const rows = [...listRows(schema, '', { root: schema, above: new Set(), listed: new Map() })];
  return formatTable([
    ['Option', 'Type', 'Meaning'],
    ...rows.map(({ option, type, description }) => [`\`${option}\``, type, description]),
  ]);
}

interface Walk {
  readonly root: JsonSchema;
  readonly above: ReadonlySet<JsonSchema>;
  /** Where equal keys were listed first. */
  readonly listed: Map<string, string>;
}

function* listRows(schema: JsonSchema, prefix: string, { root, above, listed }: Walk): Iterable<Row> {
  if (above.has(schema)) return;
  const walk = { root, above: new Set([...above, schema]), listed };
  for (const [name, given] of Object.entries(schema.properties ?? {})) {
    const property = resolve(given, root);
    const duration = isDuration(name, property);
    const option = `${prefix}${duration ? name.slice(0, -2) : name}`;
    const nested = [...listNested(property, root)];
    const before = nested
      .map(([each]) => listed.get(JSON.stringify(each.properties)))
      .find((place) => place !== undefined);
    const remarks = [
      given.description ?? property.description ?? '',
      ...(before === undefined ? [] : [`Keys as in \`${before}\`.`]),
      ...describeDefault(property, duration),
      ...(schema.required?.includes(name) ? ['_Required._'] : []),
      ...(property.writeOnly === true ? ['_Secret._'] : []),
    ];
    yield {
      option,
      type: duration ? `duration (\`${name}\`)` : describeType(property, root),
      description: remarks.join(' '),
    };
    if (before !== undefined) continue;
    for (const [part, suffix] of nested) {
      listed.set(JSON.stringify(part.properties), option);
      yield* listRows(part, `${option}${suffix}.`, walk);
    }
  }
}

function* listNested(schema: JsonSchema, root: JsonSchema): Iterable<readonly [JsonSchema, string]> {
  for (const branch of [schema, ...(schema.anyOf ?? schema.oneOf ?? [])].map((each) => resolve(each, root))) {
    if (branch.properties !== undefined) yield [branch, ''];
    if (typeof branch.items === 'object')
      for (const [nested, suffix] of listNested(resolve(branch.items, root), root)) yield [nested, `[]${suffix}`];
    if (typeof branch.additionalProperties === 'object') {
      for (const [nested, suffix] of listNested(resolve(branch.additionalProperties, root), root))
        yield [nested, `.<name>${suffix}`];
    }
  }
}

/** In YAML such an option is written with a unit and without the suffix. */
function isDuration(name: string, schema: JsonSchema): boolean {
  return /[a-z0-9]Ms$/.test(name) && (schema.type === 'number' || schema.type === 'integer');
}

function describeType(given: JsonSchema, root: JsonSchema): string {
  const schema = resolve(given, root);
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return [...new Set(branches.map((branch) => describeType(branch, root)))].join(' or ');
  if (schema.type === 'array') {
    const item = typeof schema.items === 'object' ? describeType(schema.items, root) : 'anything';
    return `list of ${item.replace(/\b(string|integer|number|map)\b/g, '$1s')}`;
  }
  if (schema.type === 'object') return 'map';
  return String(schema.type ?? 'any');
}

function describeDefault({ default: value }: JsonSchema, duration: boolean): readonly string[] {
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0))
    return [];
  return [`Default: ${duration ? `\`${formatDuration(Number(value))}\`` : code(value)}.`];
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema;
  if (schema.$ref === '#') return root;
  const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')];
  return target === undefined ? schema : { ...target, ...schema };
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
