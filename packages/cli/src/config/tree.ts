/** Part of the file's text, in UTF-16 units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The parsed file as plain data that still knows where everything stands. */
export type ConfigNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly range: Range;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly key: Range;
  readonly node: ConfigNode;
}

export interface ListNode {
  readonly kind: 'list';
  readonly range: Range;
  readonly items: readonly ConfigNode[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  /** Where it is used: for an alias, the alias. */
  readonly range: Range;
  /** Where its text stands: for an alias, behind the anchor. */
  readonly textRange: Range;
  readonly value: string | number | boolean | null;
  /** Whether quotation marks stand around it in the file. */
  readonly quoted?: boolean;
  /** Set when the value came out of `${…}`: `whole` when nothing else stood around it. */
  readonly substituted?: 'whole' | 'part';
  /** Whether a word in it stands in for a reference that could not be resolved. */
  readonly standIn?: true;
}

export type Path = readonly (string | number)[];

/** `sources.mesos.options.urls[0]`. A key that is no plain word is put into brackets and quotes. */
export function formatPath(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (!/^[\w-]+$/.test(segment)) text += `[${JSON.stringify(segment)}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}

export interface Located {
  /** As far as the path exists in the file, in the file's own keys (`timeout`, not `timeoutMs`). */
  readonly path: Path;
  readonly node: ConfigNode;
  /** Where the key of the node stands; absent for the root and for list items. */
  readonly key: Range | undefined;
  /** What is not in the file, in the file's spelling. Empty when the whole path exists. */
  readonly missing: Path;
}

/** Follows a path of validated data (where durations end in `Ms`) in the file. */
export function locate(root: ConfigNode, path: Path): Located {
  let node = root;
  let key: Range | undefined;
  const found: (string | number)[] = [];
  for (const [index, segment] of path.entries()) {
    const step = stepInto(node, segment);
    if (step === undefined) return { path: found, node, key, missing: path.slice(index).map(toFileKey) };
    node = step.node;
    key = step.key;
    found.push(step.segment);
  }
  return { path: found, node, key, missing: [] };
}

function stepInto(
  node: ConfigNode,
  segment: string | number,
): { node: ConfigNode; key: Range | undefined; segment: string | number } | undefined {
  if (node.kind === 'list') {
    const item = node.items[Number(segment)];
    return item && { node: item, key: undefined, segment: Number(segment) };
  }
  if (node.kind === 'scalar') return undefined;
  for (const name of [String(segment), String(toFileKey(segment))]) {
    const entry = node.entries.get(name);
    if (entry !== undefined) return { node: entry.node, key: entry.key, segment: name };
  }
  return undefined;
}

/** `timeoutMs` is written `timeout` in the file. */
export function toFileKey<Segment extends string | number>(segment: Segment): Segment | string {
  return typeof segment === 'string' && isMillisecondsKey(segment) ? segment.slice(0, -2) : segment;
}

export function isMillisecondsKey(key: string): boolean {
  return /[a-z0-9]Ms$/.test(key);
}

/** Whether one range lies within the other. */
export function isWithin(inner: Range, outer: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** The data of a node as it stands, without any schema. */
export function toData(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toData);
  return Object.fromEntries([...node.entries].map(([name, entry]) => [name, toData(entry.node)]));
}

/** A key with nothing behind it. */
export function isEmpty(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Every scalar below a node. */
export function* scalarsOf(node: ConfigNode): Iterable<ScalarNode> {
  if (node.kind === 'scalar') yield node;
  else if (node.kind === 'list') for (const item of node.items) yield* scalarsOf(item);
  else for (const entry of node.entries.values()) yield* scalarsOf(entry.node);
}
