import { join } from 'node:path';
import type { MapName, Maps, ObservedMapName } from '../desired/model.ts';
import * as safe from './escape.ts';

/** Paths of the maps; `meta` holds the revision of the last transaction. */
export type MapPaths = Readonly<Record<ObservedMapName | 'meta', string>>;

export function mapPaths(directory: string): MapPaths {
  const file = (name: string): string => safe.path(join(directory, `${name}.map`));
  return {
    route: file('route'),
    port: file('port'),
    sni: file('sni'),
    spare: file('spare'),
    check: file('check'),
    structure: file('structure'),
    meta: file('meta'),
  };
}

/** An empty list of certificates, for listeners where nobody is let in. */
export function noCertificatesPath(directory: string): string {
  return safe.path(join(directory, 'no-certificates.list'));
}

export function statePath(directory: string): string {
  return safe.path(join(directory, 'server-state'));
}

/** Where a configuration that was edited by hand is kept when it is written again. */
export function editedConfigPath(directory: string): string {
  return join(directory, 'haproxy.cfg.edited');
}

/** The state file between two reloads: no rows, so that a restart by others begins with what the configuration says. */
export const emptyState = '1\n';

/** The revision in the file never changes; so after any restart that was not ours it is back at `0`. */
export const unchangedRevision = '0';
export const metaMap = `rev ${unchangedRevision}\n`;

/** Rendered once for each object, since most stay the same between two files. */
export function renderMap(entries: ReadonlyMap<string, string>, writeValue = safe.mapValue): string {
  const known = texts.get(entries);
  if (known !== undefined) return known;
  let text = '';
  for (const [key, value] of entries) text += `${safe.mapKey(key)} ${writeValue(value)}\n`;
  texts.set(entries, text);
  return text;
}

const texts = new WeakMap<ReadonlyMap<string, string>, string>();

export function renderDesiredMap(maps: Maps, name: MapName): string {
  return renderMap(maps[name], name === 'check' ? safe.checkRequest : safe.mapValue);
}
