import { sha256 } from '@signalbox/sink-kit';
import type { Backend, Desired, PortProtocol, PortRange } from '../desired/model.ts';
import { isPortProtocol, portProtocols } from '../desired/port-protocols.ts';
import { createMapCache } from '../observed/observed-map.ts';
import { renderSections } from '../render/sections.ts';
import type { Settings } from '../settings.ts';
import { defaultsName, isDefaultsName, listProfiles } from './profiles.ts';
import { serverShapeOf, shapeOf } from './shape.ts';
import { isSpareName, listSpares } from './spares.ts';

/**
 * What a configuration consists of, as entries of a map that HAProxy loads with it. So the process itself tells, section by section, what it
 * runs, also to a Signalbox that has just started and when the files have gone ahead of it.
 */
export function describeStructure(desired: Desired, settings: Settings, hash: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>([['hash', hash]]);
  for (const { key, compared } of renderSections(desired, settings)) entries.set(`section:${key}`, digest(compared));
  entries.set('wildcards', formatWildcards(desired.wildcardLabels));
  for (const [backend, rules] of rulesByBackend(desired)) entries.set(`rules:${backend}`, rules);
  for (const protocol of portProtocols) {
    for (const port of desired.ports[protocol]) entries.set(`port:${port}`, protocol);
  }
  for (const { from, to } of desired.ports.ranges) entries.set(`range:${from}-${to}`, 'any');
  for (const backend of desired.backends.values()) entries.set(backend.name, backendEntry(backend));
  for (const profile of listProfiles(desired.backends)) entries.set(defaultsName(profile), shapeOf(profile));
  for (const spare of listSpares(desired.backends, settings.spareBackends)) entries.set(spare.name, shapeOf(spare));
  return entries;
}

/** The value for a backend with a name of its own. */
export function backendEntry(backend: Backend): string {
  return `${shapeOf(backend)}:${serverShapeOf(backend)}`;
}

/** The same, read from a process: with what was added to it since. */
export interface RunningStructure {
  /** Digests of the sections that are not backends. */
  readonly sections: ReadonlyMap<string, string>;
  readonly wildcardLabels: readonly number[];
  /** Digests of the rules and filters of each backend that has some. */
  readonly rules: ReadonlyMap<string, string>;
  readonly ports: ReadonlyMap<number, PortProtocol>;
  readonly ranges: readonly PortRange[];
  /** Without the spares. */
  readonly backends: ReadonlyMap<string, { readonly shape: string; readonly serverShape: string }>;
  /** Shapes of the spares, by name. */
  readonly spares: ReadonlyMap<string, string>;
  /** Names of the `defaults` sections that backends can be added from, by shape. */
  readonly profiles: ReadonlyMap<string, string>;
}

/** Undefined when the entries do not belong to the configuration that the process runs, or there are none. */
export function parseStructure(
  entries: ReadonlyMap<string, string> | undefined,
  runningHash: string | undefined,
): RunningStructure | undefined {
  if (entries === undefined || runningHash === undefined || entries.get('hash') !== runningHash) return undefined;
  return parsed.get(entries, () => parseEntries(entries));
}

const parsed = createMapCache<RunningStructure>();

function parseEntries(entries: ReadonlyMap<string, string>): RunningStructure {
  const sections = new Map<string, string>();
  const rules = new Map<string, string>();
  const ports = new Map<number, PortProtocol>();
  const ranges: PortRange[] = [];
  const backends = new Map<string, { shape: string; serverShape: string }>();
  const spares = new Map<string, string>();
  const profiles = new Map<string, string>();
  for (const [key, value] of entries) {
    const [kind = '', subject = ''] = key.split(':');
    const [from, to] = subject.split('-').map(Number);
    if (kind === 'section') sections.set(subject, value);
    else if (kind === 'rules') rules.set(subject, value);
    else if (kind === 'port' && isPortProtocol(value)) ports.set(Number(subject), value);
    else if (kind === 'range' && from !== undefined && to !== undefined) ranges.push({ from, to });
    else if (isSpareName(key)) spares.set(key, value);
    else if (isDefaultsName(key)) profiles.set(value, key);
    else if (key.startsWith('a_')) {
      const [shape = '', serverShape = ''] = value.split(':');
      backends.set(key, { shape, serverShape });
    }
  }
  const wildcardLabels = (entries.get('wildcards') ?? '').split('.').map(Number);
  return { sections, wildcardLabels, rules, ports, ranges, backends, spares, profiles };
}

/** Rules name their backend, and filters belong to one: which services have to wait for a reload is told by these. */
export function rulesByBackend({ rules, filters }: Desired): ReadonlyMap<string, string> {
  const texts = new Map<string, string[]>();
  for (const part of [...rules, ...filters]) {
    texts.set(part.backend, [...(texts.get(part.backend) ?? []), JSON.stringify(part)]);
  }
  return new Map([...texts].map(([backend, parts]) => [backend, digest(parts.join('\n'))]));
}

export function digest(text: string): string {
  return sha256(text).slice(0, 12);
}

function formatWildcards(labels: readonly number[]): string {
  return labels.length === 0 ? '0' : labels.join('.');
}
