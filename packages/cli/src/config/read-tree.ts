import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, parseDocument } from 'yaml';
import type { ProblemCollector } from './problem-collector.ts';
import { type SubstitutionInputs, substitute } from './substitute.ts';
import type { ConfigNode, MapEntry, Path, Range } from './tree.ts';
import { reportYamlErrors } from './yaml-errors.ts';

/**
 * Parses the text (YAML 1.2) and substitutes references in its string leaves; without inputs they stay as they are written.
 * Resolves to `undefined` when the text is no YAML; what it says cannot be trusted then.
 */
export async function readTree(
  text: string,
  inputs: SubstitutionInputs | undefined,
  problems: ProblemCollector,
): Promise<ConfigNode | undefined> {
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false });
  reportYamlErrors([...document.errors, ...document.warnings], text, problems);
  if (problems.count > 0) return undefined;
  // A file with nothing but comments is a file that misses everything.
  if (document.contents === null) return { kind: 'map', range: { start: 0, end: 0 }, entries: new Map() };
  const aliases = { depth: 0, values: 0 };
  const root = await readNode(document.contents, { document, inputs, problems, open: new Set(), aliases }, []);
  return aliases.values > mostAliasValues ? undefined : root;
}

/** What the aliases of one file may stand for in all. A few lines of aliases of aliases would fill any memory else. */
const mostAliasValues = 10_000;

interface ReadState {
  readonly document: Document.Parsed;
  readonly inputs: SubstitutionInputs | undefined;
  readonly problems: ProblemCollector;
  /** What is being read, so that an alias to its own parent is found. */
  readonly open: Set<unknown>;
  /** How deep within aliases the reader is, and how many values it has read there. */
  readonly aliases: { depth: number; values: number };
}

async function readNode(node: ParsedNode | null, state: ReadState, path: Path): Promise<ConfigNode> {
  const range = rangeOf(node);
  if (node === null) return emptyScalar(range);
  if (state.aliases.depth > 0) state.aliases.values += 1;
  if (isAlias(node)) return readAlias(node, state, path);
  if (isScalar(node)) {
    return readScalar(node.value, { range, quoted: node.type?.startsWith('QUOTE') === true }, state, path);
  }
  state.open.add(node);
  try {
    if (isSeq(node)) {
      const items: ConfigNode[] = [];
      for (const [index, item] of node.items.entries()) items.push(await readNode(item, state, [...path, index]));
      return { kind: 'list', range, items };
    }
    if (isMap(node)) return { kind: 'map', range, entries: await readEntries(node.items, state, path) };
    return emptyScalar(range);
  } finally {
    state.open.delete(node);
  }
}

async function readAlias(node: Alias.Parsed, state: ReadState, path: Path): Promise<ConfigNode> {
  const { aliases, problems } = state;
  const range = rangeOf(node);
  const standIn = emptyScalar(range);
  const refuse = (message: string, advice: string): ConfigNode => {
    problems.add({ path, range, node: standIn, message, advice });
    return standIn;
  };
  if (aliases.values > mostAliasValues) return standIn;
  const target = node.resolve(state.document) as ParsedNode | undefined;
  if (target === undefined) return refuse(`there is no "&${node.source}" before this alias`, 'write the value out');
  if (state.open.has(target)) return refuse('this alias leads back to itself', 'write the value out');
  aliases.depth += 1;
  const resolved = await readNode(target, state, path);
  aliases.depth -= 1;
  if (aliases.values > mostAliasValues && aliases.depth === 0) {
    return refuse(`the aliases up to here stand for more than ${mostAliasValues} values`, 'write the values out');
  }
  return resolved.kind === 'scalar' ? { ...resolved, range } : resolved;
}

async function readEntries(
  pairs: readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[],
  state: ReadState,
  path: Path,
): Promise<Map<string, MapEntry>> {
  const entries = new Map<string, MapEntry>();
  for (const pair of pairs) {
    const key = rangeOf(pair.key);
    if (!isScalar(pair.key)) {
      state.problems.add({ path, range: key, message: 'expected a plain word as key', advice: undefined });
      continue;
    }
    const name = String(pair.key.value);
    const node = await readNode(pair.value ?? null, state, [...path, name]);
    const placed = pair.value === null ? { ...node, range: key } : node;
    const first = entries.get(name);
    if (first === undefined) entries.set(name, { key, node: placed });
    else {
      const { line } = state.problems.positionOf(first.key.start);
      state.problems.add({
        path: [...path, name],
        range: key,
        message: `duplicate key "${name}"`,
        advice: `it is given on line ${line} already; keep one of the two`,
      });
    }
  }
  return entries;
}

async function readScalar(
  value: unknown,
  { range, quoted }: { readonly range: Range; readonly quoted: boolean },
  state: ReadState,
  path: Path,
): Promise<ConfigNode> {
  if (typeof value !== 'string') {
    const plain = typeof value === 'number' || typeof value === 'boolean' ? value : null;
    return { kind: 'scalar', range, textRange: range, value: plain };
  }
  if (state.inputs === undefined) return { kind: 'scalar', range, textRange: range, value, ...(quoted && { quoted }) };
  const { value: text, extent, inserted, isStandIn, problems } = await substitute(value, state.inputs);
  const node: ConfigNode = {
    kind: 'scalar',
    range,
    textRange: range,
    value: text,
    ...(quoted && { quoted }),
    ...(extent !== undefined && { substituted: extent }),
    ...(isStandIn && { standIn: true as const }),
  };
  for (const piece of extent === undefined ? [] : [text, ...inserted]) state.problems.concealValue(piece);
  for (const { message, advice, unreadable } of problems) {
    state.problems.add({
      path,
      range,
      node,
      message,
      advice,
      ...(unreadable === true && { code: 'CONFIG_UNREADABLE' as const }),
    });
  }
  return node;
}

function emptyScalar(range: Range): ConfigNode {
  return { kind: 'scalar', range, textRange: range, value: null };
}

function rangeOf(node: ParsedNode | null): Range {
  const [start, end] = node?.range ?? [0, 0];
  return { start, end };
}
