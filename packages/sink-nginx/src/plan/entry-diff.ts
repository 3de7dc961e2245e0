import type { PlannedChange } from '@signalbox/core';
import { formatDay, inQuotes } from '@signalbox/sink-kit';
import { parseCertificateEntry } from '../desired/certificate-entries.ts';
import { countServers, type Entries } from '../desired/entries.ts';
import type { Desired, Upstream } from '../desired/model.ts';

export interface EntryDiff {
  readonly set: ReadonlyMap<string, string>;
  readonly delete: readonly string[];
}

/** What has to change for `before` to become `after`. With `keys`, only these are looked at. */
export function diffEntries(before: Entries, after: Entries, keys?: Iterable<string>): EntryDiff {
  const set = new Map<string, string>();
  const gone: string[] = [];
  const look = (key: string): void => {
    const wanted = after.get(key);
    if (wanted === undefined) {
      if (before.has(key)) gone.push(key);
    } else if (before.get(key) !== wanted) set.set(key, wanted);
  };
  if (keys === undefined) {
    for (const key of after.keys()) look(key);
    for (const key of before.keys()) if (!after.has(key)) gone.push(key);
  } else for (const key of keys) look(key);
  return { set, delete: gone.sort() };
}

export function isEmptyDiff(diff: EntryDiff): boolean {
  return diff.set.size === 0 && diff.delete.length === 0;
}

/** For people, with the services concerned: `at` is where it happens. */
export function describeEntries(
  diff: EntryDiff,
  before: Entries,
  desired: Pick<Desired, 'upstreams'>,
  at: 'runtime' | 'reload',
): readonly PlannedChange[] {
  const changes = [...diff.set].map(([key, text]): PlannedChange => {
    const action = before.has(key) ? 'update' : 'create';
    return { action: at === 'runtime' ? at : action, ...describeSet(key, { text, before: before.get(key) }, desired) };
  });
  const action = at === 'runtime' ? at : 'delete';
  return [...changes, ...diff.delete.map((key) => ({ action, ...describeDeleted(key) }) as const)];
}

type Description = Omit<PlannedChange, 'action'>;

function describeSet(
  key: string,
  { text, before }: { readonly text: string; readonly before: string | undefined },
  desired: Pick<Desired, 'upstreams'>,
): Description {
  const name = key.slice(2);
  const done = before === undefined ? 'added' : 'changed';
  const serviceOf = (upstream: string): readonly string[] => {
    const service = desired.upstreams.get(upstream)?.serviceId;
    return service === undefined ? [] : [service];
  };
  if (key.startsWith('u/')) {
    const upstream = desired.upstreams.get(name);
    const what = before === undefined || upstream === undefined ? 'upstream' : describeServers(before, upstream);
    return {
      target: `upstream ${name}`,
      summary: `${what} of ${inQuotes(upstream?.serviceId ?? name)} ${done}`,
      services: upstream === undefined ? [] : [upstream.serviceId],
    };
  }
  if (key.startsWith('p/')) {
    return {
      target: `port ${name}`,
      summary: `service port ${name} ${done}`,
      services: serviceOf(JSON.parse(text)),
    };
  }
  if (key.startsWith('c/')) {
    const until = formatDay(parseCertificateEntry(text)?.notAfterMs ?? Number.NaN);
    const event = before === undefined ? 'added' : 'renewed';
    return {
      target: `certificate ${name}`,
      summary: `certificate ${name} ${event}, valid until ${until}`,
      services: [],
    };
  }
  if (key.startsWith('n/')) {
    const names = (JSON.parse(text) as readonly string[]).join(', ');
    const who = name === '*' ? 'by default' : `to those who ask for ${name}`;
    return { target: `handshake ${name}`, summary: `${who}, ${names} is shown`, services: [] };
  }
  const known = new Set(rulesOf(before ?? ''));
  const fresh = rulesOf(text).filter((rule) => !known.has(rule));
  const services = [...new Set(fresh.flatMap((rule) => serviceOf((JSON.parse(rule) as { to: string }).to)))].sort();
  return { target: `host ${name}`, summary: `routes of host ${name} ${done}`, services };
}

/** By the start of the key: for the target, and for people. */
const kinds: Readonly<Record<string, readonly [kind: string, what: string]>> = {
  'u/': ['upstream', 'upstream'],
  'p/': ['port', 'service port'],
  'h/': ['host', 'routes of host'],
  'c/': ['certificate', 'certificate'],
  'n/': ['handshake', 'certificates for'],
};

function describeDeleted(key: string): Description {
  const name = key.slice(2);
  const [kind, what] = kinds[key.slice(0, 2)] ?? ['entry', ''];
  return { target: `${kind} ${name}`, summary: `${what} ${name} removed`.trim(), services: [] };
}

function describeServers(before: string, { servers }: Upstream): string {
  const { all, kept } = countServers(before, servers);
  const [added, removed] = [servers.length - kept, all - kept];
  return added + removed === 0 ? 'settings' : `endpoints (${added} new, ${removed} gone)`;
}

/** Each with its place, as text that can be compared. */
function rulesOf(text: string): readonly string[] {
  try {
    const { exact, prefix } = JSON.parse(text) as Record<'exact' | 'prefix', Record<string, readonly object[]>>;
    return [exact, prefix].flatMap((spots, index) =>
      Object.entries(spots).flatMap(([path, rules]) => rules.map((rule) => JSON.stringify({ ...rule, index, path }))),
    );
  } catch {
    return [];
  }
}
