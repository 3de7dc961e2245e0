import { dirname } from 'node:path';
import { listenerKinds } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import { isMixed, tlsScope } from '../desired/routes/scopes.ts';
import type { Settings } from '../settings.ts';
import { removeClientHeaders, setClientHeaders } from './client-lines.ts';
import type { MapPaths } from './files.ts';
import { renderFilters } from './filters.ts';
import { forwardedProtoLines, renderBinds } from './listeners.ts';
import { misdirectedLines } from './passthrough.ts';
import { renderRules } from './rules.ts';
import { section } from './section.ts';

/**
 * The frontend of the shared listeners. The maps say which route a request takes; only then, and only for requests that may need it, the rules
 * are tried.
 */
export function renderRoutes(desired: Desired, settings: Settings, maps: MapPaths): string {
  if (settings.listeners.length === 0) return '';
  const rules = renderRules(desired);
  return section('frontend s_routes from d_http', [
    ...renderBinds(settings, desired, dirname(maps.meta)),
    ...forwardedProtoLines(settings),
    ...removeClientHeaders(settings),
    ...setClientHeaders(settings),
    ...rules.acls,
    ...keyLines(desired.wildcardLabels),
    ...(desired.passthrough ? misdirectedLines(maps) : []),
    ...lookUpLines(desired.wildcardLabels, maps, isMixed(listenerKinds(settings))),
    ...rules.lines,
    ...renderFilters(desired.filters),
    'use_backend %[var(txn.to),field(1,:)] if { var(txn.to) -m found }',
    'default_backend s_none',
  ]);
}

function keyLines(wildcardLabels: readonly number[]): readonly string[] {
  const lines = [
    'http-request set-var(txn.host) req.hdr(host),field(1,:),lower',
    'http-request set-var(txn.path) path',
    'http-request set-var(txn.key) var(txn.host),concat(,txn.path)',
  ];
  for (const labels of wildcardLabels) {
    // field(-1,.,n) are the last n labels; one more in front is what `*.` stands for.
    lines.push(
      `http-request set-var(txn.suffix) var(txn.host),field(-1,.,${labels})`,
      `http-request set-var(txn.key_${labels}) str(*.),concat(,txn.suffix),concat(,txn.path) if { var(txn.host),field(-${labels + 1},.) -m len gt 0 }`,
    );
  }
  return [...lines, 'http-request set-var(txn.key_any) str(*),concat(,txn.path)'];
}

/** The exact path before the longest prefix. The `/` behind the path makes a prefix end at a path boundary. */
function lookUpLines(wildcardLabels: readonly number[], maps: MapPaths, mixed: boolean): readonly string[] {
  const fetch = (key: string): string => (mixed ? `ssl_fc,iif(${tlsScope},),concat(,${key})` : `var(${key})`);
  const keys = ['txn.key', ...wildcardLabels.map((labels) => `txn.key_${labels}`), 'txn.key_any'];
  const lookUps = keys.flatMap((key) => [
    `${fetch(key)},map_str(${maps.exact})`,
    `${fetch(key)},concat(/),map_beg(${maps.prefix})`,
  ]);
  return lookUps.map(
    (lookUp, index) => `http-request set-var(txn.to) ${lookUp}${index === 0 ? '' : ' if !{ var(txn.to) -m found }'}`,
  );
}
