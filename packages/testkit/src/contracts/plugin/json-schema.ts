type JsonSchema = Readonly<Record<string, unknown>>;

const secretName = /(password|passphrase|secret|token|api-?key|private-?key|credential)s?$/i;
const durationName = /(timeout|interval|delay|period|duration|age|ttl)$/i;

/** Everything that is wrong with the JSON Schema of a plugin's options, one line each. */
export function listSchemaProblems(schema: JsonSchema): string[] {
  const problems: string[] = [];
  if (schema.type !== 'object') problems.push(`the schema is of type "${String(schema.type)}", not "object"`);
  if (schema.additionalProperties !== false) problems.push('the schema lets unknown keys pass');
  visit(schema, '', problems, new Set());
  return problems;
}

function visit(schema: unknown, path: string, problems: string[], seen: Set<unknown>): void {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return;
  seen.add(schema);
  const record = schema as JsonSchema;
  for (const [name, property] of Object.entries((record.properties ?? {}) as Record<string, JsonSchema>)) {
    const propertyPath = path === '' ? name : `${path}.${name}`;
    problems.push(...listPropertyProblems(name, property, propertyPath));
    visit(property, propertyPath, problems, seen);
  }
  for (const keyword of ['items', 'additionalProperties', 'not', 'contains', 'propertyNames']) {
    visit(record[keyword], `${path}[]`, problems, seen);
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf', 'prefixItems']) {
    for (const part of (record[keyword] ?? []) as unknown[]) visit(part, path, problems, seen);
  }
  for (const keyword of ['$defs', 'definitions', 'patternProperties']) {
    for (const part of Object.values((record[keyword] ?? {}) as object)) visit(part, path, problems, seen);
  }
}

function listPropertyProblems(name: string, property: JsonSchema, path: string): string[] {
  const problems: string[] = [];
  const description = property.description;
  if (typeof description !== 'string' || description.trim() === '') problems.push(`"${path}" has no description`);
  if (property.type === 'string' && secretName.test(name) && property.writeOnly !== true) {
    problems.push(`"${path}" looks like a secret and is not marked writeOnly`);
  }
  if ((property.type === 'number' || property.type === 'integer') && durationName.test(name)) {
    problems.push(`"${path}" looks like a duration, whose name ends in Ms`);
  }
  return problems;
}
