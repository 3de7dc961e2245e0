// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this

import type { OptionsSchema, SchemaIssue } from '@signalbox/core';
import type { ProblemCollector } from './problem-collector.ts';
import { type ConfigNode, isEmpty, locate, type Path, toFileKey } from './tree.ts';

/**
 * Validates data that was read from a node, and reports each issue where its key or value stands in the file.
 * What was reported about the same place before is not reported again.
 */
export function validateAt<Output>(
  schema: OptionsSchema<Output>,
  data: unknown,
  node: ConfigNode,
  path: Path,
  problems: ProblemCollector,
): Output | undefined {
  const result = schema['~standard'].validate(data);
  if (result instanceof Promise) {
    problems.add({
      path,
      range: node.range,
      code: 'PLUGIN_INVALID',
      message: 'the options schema of this plugin validates asynchronously',
      advice: 'tell its author: refinements must be synchronous',
    });
    return undefined;
  }
  if (result.issues === undefined) return result.value;
  for (const issue of result.issues.flatMap(expandIssue)) reportIssue(issue, node, path, problems);
  return undefined;
}

interface PlainIssue {
  readonly path: Path;
  readonly message: string;
}

function reportIssue(issue: PlainIssue, root: ConfigNode, rootPath: Path, problems: ProblemCollector): void {
  const { node, key, path: found, missing } = locate(root, issue.path);
  const [missingKey] = missing;
  const path = [...rootPath, ...found];
  if (missingKey !== undefined) {
    if (problems.isMisspelt(node, String(missingKey))) return;
    const expected = issue.message.replace(/, received undefined$/, '');
    const message = expected.startsWith('expected') ? `missing, ${expected}` : `missing: ${expected}`;
    const advice = `add "${missingKey}: …"${found.length + rootPath.length === 0 ? '' : ' here'}`;
    problems.add({ path: [...path, missingKey], range: key ?? node.range, message, advice });
    return;
  }
  if (problems.isReported(node)) return;
  const message = isEmpty(node)
    ? issue.message.replace(/^(expected .*), received undefined$/, 'empty, $1')
    : issue.message;
  problems.add({ path, range: node.range, node, message, advice: adviseOn(issue.message, node, found) });
}

function adviseOn(message: string, node: ConfigNode, path: Path): string | undefined {
  const key = path.at(-1);
  if (/^expected list, received (string|number|map)/.test(message)) return `write a list: ${key}: [ … ]`;
  if (node.kind === 'scalar' && node.substituted !== undefined) return 'the value comes from the ${…} that stands here';
  if (/^expected string, received (number|boolean)/.test(message)) return 'put it into quotation marks';
  if (node.kind === 'scalar' && node.quoted === true && isOtherUnquoted(message, String(node.value)))
    return 'write it without quotation marks';
  return undefined;
}

/** Whether the text would be what was expected, if it were not a string. */
function isOtherUnquoted(message: string, text: string): boolean {
  const [, expected] = /^expected (number|int|boolean|[\d.]+|true|false)(?:, received string)?$/.exec(message) ?? [];
  if (expected === undefined) return false;
  if (expected === 'boolean') return text === 'true' || text === 'false';
  if (expected === 'number' || expected === 'int') return /^-?\d+(\.\d+)?$/.test(text);
  return text === expected;
}

/** What zod puts on its issues beyond the Standard Schema; absent with other libraries. */
interface ZodDetails {
  readonly code?: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly SchemaIssue[])[];
}

/** One issue for each unknown key, and for a union the issues of the branch that came closest. */
function expandIssue(issue: SchemaIssue & ZodDetails): readonly PlainIssue[] {
  const path = plainPath(issue);
  if (issue.code === 'unrecognized_keys' && issue.keys !== undefined) {
    return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key "${toFileKey(key)}"` }));
  }
  if (issue.code === 'invalid_union' && issue.errors !== undefined && issue.errors.length > 0) {
    const branches = issue.errors.map((errors) => errors.flatMap(expandIssue));
    const deeper = branches.filter((branch) => branch.every((inner) => inner.path.length > 0));
    const closest = deeper.sort((left, right) => left.length - right.length)[0];
    if (closest !== undefined) return closest.map((inner) => ({ ...inner, path: [...path, ...inner.path] }));
    return [{ path, message: joinAlternatives(branches.flat().map((inner) => inner.message)) }];
  }
  return [{ path, message: plainMessage(issue.message) }];
}

/** `expected string or array, received number` out of one sentence for each. */
function joinAlternatives(messages: readonly string[]): string {
  const parts = messages.map((message) => /^expected (.+), received (\w+)$/.exec(message));
  const received = parts[0]?.[2];
  const expected = [...new Set(parts.map((part) => part?.[1]))];
  if (expected.includes(undefined)) return [...new Set(messages)].join(', or ');
  return `expected ${expected.join(' or ')}, received ${received}`;
}

/** What the kinds of data are called in YAML. */
const fileWords: Readonly<Record<string, string>> = { record: 'map', object: 'map', array: 'list' };

const bounds: Readonly<Record<string, string>> = { '<=': 'up to', '>=': 'from', '<': 'below', '>': 'above' };

/** zod opens its messages with a class of problem that says nothing to who wrote the file. */
function plainMessage(message: string): string {
  const plain = message
    .replace(/^Invalid (?:input|option|string): /, '')
    .replace(/^Invalid discriminator value\. Expected (.*)$/, (_all, words: string) => {
      return `expected one of ${words.replaceAll("'", '"').replaceAll(' | ', '|')}`;
    })
    .replace(
      /^Too (?:big|small): expected (?:number|int) to be ([<>]=?)(\S+)$/,
      (_all, sign: string, bound: string) => {
        return `expected a number ${bounds[sign]} ${bound}`;
      },
    )
    .replace(
      /\b(expected|received|or) (record|object|array)\b/gi,
      (_all, before, word) => `${before} ${fileWords[word]}`,
    );
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}

function plainPath(issue: SchemaIssue): Path {
  return (issue.path ?? []).map((segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    return typeof key === 'number' ? key : String(key);
  });
}
