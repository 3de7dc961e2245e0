import { dirname } from 'node:path';
import { listenerKinds } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import { isMixed } from '../desired/routes/scopes.ts';
import type { Settings } from '../settings.ts';
import { removeClientHeaders, setClientHeaders } from './client-lines.ts';
import type { MapPaths } from './files.ts';
import { renderFilters } from './filters.ts';
import { forwardedProtoLines, renderBinds } from './listeners.ts';
import { lookUpLines, scopesOf } from './look-ups.ts';
import { misdirectedLines } from './passthrough.ts';
import { renderRules } from './rules.ts';
import { section } from './section.ts';

const host = 'req.hdr(host),field(1,:),lower';

/**
 * The frontend of the shared listeners. The map says which route a request takes; only then, and only for requests that may need it, the rules
 * are tried. Each step costs every request, so none is taken that the request's own host does not need.
 */
export function renderRoutes(desired: Desired, settings: Settings, maps: MapPaths): string {
  if (settings.listeners.length === 0) return '';
  const rules = renderRules(desired);
  const needsHost = desired.passthrough || desired.wildcardLabels.length > 0;
  return section('frontend s_routes from d_http', [
    ...renderBinds(settings, desired, dirname(maps.meta)),
    ...forwardedProtoLines(settings),
    ...removeClientHeaders(settings),
    ...setClientHeaders(settings),
    ...rules.acls,
    ...(needsHost ? [`http-request set-var(txn.host) ${host}`] : []),
    'http-request set-var(txn.path) path',
    ...(desired.passthrough ? misdirectedLines(maps) : []),
    ...lookUpLines(scopesOf(desired, needsHost ? 'var(txn.host)' : host), {
      rules,
      route: maps.route,
      mixed: isMixed(listenerKinds(settings)),
    }),
    ...rules.lines,
    ...renderFilters(desired.filters),
    'use_backend %[var(txn.to),field(1,:)] if { var(txn.to) -m found }',
    'default_backend s_none',
  ]);
}
