import { formatDuration } from '../../../packages/cli/src/config/durations.ts';

/** The keywords of JSON Schema that a table shows. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly writeOnly?: boolean;
}

interface Row {
  readonly option: string;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
}

/** A Markdown table of all options, nested ones with dots, in the order of the schema. */
export function optionsTable(schema: JsonSchema): string {
  const rows = [...listRows(schema, '', schema, new Set())];
  const lines = rows.map(({ option, type, fallback, description }) =>
    [`\`${option}\``, type, fallback, description].map(escapeCell).join(' | '),
  );
  return [
    '| Option | Type | Default | Meaning |',
    '| --- | --- | --- | --- |',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

function* listRows(
  schema: JsonSchema,
  prefix: string,
  root: JsonSchema,
  above: ReadonlySet<JsonSchema>,
): Iterable<Row> {
  if (above.has(schema)) return;
  const within = new Set([...above, schema]);
  for (const [name, given] of Object.entries(schema.properties ?? {})) {
    const property = resolve(given, root);
    const duration = isDuration(name, property);
    const option = `${prefix}${duration ? name.slice(0, -2) : name}`;
    yield {
      option,
      type: duration ? `duration (\`${name}\`)` : describeType(property, root),
      fallback: describeDefault(property, duration, schema.required?.includes(name) ?? false),
      description: `${given.description ?? property.description ?? ''}${property.writeOnly === true ? ' *Secret.*' : ''}`,
    };
    for (const [nested, suffix] of listNested(property, root))
      yield* listRows(nested, `${option}${suffix}.`, root, within);
  }
}

function* listNested(schema: JsonSchema, root: JsonSchema): Iterable<readonly [JsonSchema, string]> {
  for (const branch of [schema, ...(schema.anyOf ?? schema.oneOf ?? [])].map((each) => resolve(each, root))) {
    if (branch.properties !== undefined) yield [branch, ''];
    if (branch.items !== undefined)
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
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'anything' : describeType(schema.items, root)}`;
  if (schema.type === 'object') return 'map';
  return String(schema.type ?? 'any');
}

function describeDefault(schema: JsonSchema, duration: boolean, required: boolean): string {
  if (schema.default === undefined) return required ? '*required*' : '';
  if (duration) return `\`${formatDuration(Number(schema.default))}\``;
  return isEmptyObject(schema.default) ? '' : code(schema.default);
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
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

/** VitePress compiles Markdown as a Vue template: outside of code, an angle bracket would begin an element. */
function escapeCell(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '&#123;{')))
    .join('')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
}
