import type { Desired, Mode } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import { defaultsName, type Profile } from '../structure/profiles.ts';
import { renderAuthorities } from './authorities.ts';
import { describeAuthorities } from './client-lines.ts';
import * as safe from './escape.ts';
import { mapPaths, statePath } from './files.ts';
import { renderFrontends } from './frontends.ts';
import { plainSection, type RenderedSection, section } from './section.ts';

/** Everything but the backends and spares. What is not in this list is neither written nor seen to change. */
export function renderSections(
  desired: Desired,
  settings: Settings,
  mapDirectory = settings.runDirectory,
): readonly RenderedSection[] {
  return [
    plainSection('global', renderGlobal(settings)),
    plainSection(
      'defaults',
      [
        section('defaults d_http', defaultsLines('http', settings)),
        section('defaults d_tcp', defaultsLines('tcp', settings)),
      ].join('\n'),
    ),
    ...renderFrontends(desired, settings, mapPaths(mapDirectory)),
    plainSection('authorities', renderAuthorities(desired, settings).join('\n')),
    plainSection('clients', describeAuthorities(desired)),
  ];
}

export function renderGlobal(settings: Settings, hash?: string): string {
  return section('global', [
    ...(hash === undefined ? [] : [`description ${hash}`]),
    `stats socket ${safe.path(settings.runtimeSocket)} mode 600 level admin expose-fd listeners`,
    'stats timeout 1m',
    `server-state-file ${statePath(settings.runDirectory)}`,
    // Old workers wait for idle clients because of idle-close-on-response; three at most.
    'mworker-max-reloads 3',
    // Else a second HAProxy of the same user shares an occupied port without an error.
    'noreuseport',
    ...(settings.maxConnections === undefined ? [] : [`maxconn ${settings.maxConnections}`]),
    ...settings.global,
  ]);
}

/** Not `from` the defaults of its mode: `defaults` with rules in them, which the user may have added, have no heirs. */
export function renderProfile(profile: Profile, settings: Settings): string {
  return section(`defaults ${defaultsName(profile)}`, [...defaultsLines(profile.mode, settings), ...profile.lines]);
}

function defaultsLines(mode: Mode, settings: Settings): readonly string[] {
  return [
    `mode ${mode}`,
    `timeout connect ${settings.connectTimeoutMs}ms`,
    `timeout client ${settings.clientTimeoutMs}ms`,
    `timeout server ${settings.serverTimeoutMs}ms`,
    `timeout queue ${settings.queueTimeoutMs}ms`,
    `retries ${settings.retries}`,
    // A refused connection is tried on another endpoint at once.
    'option redispatch 1',
    // All backups share the traffic, not the first one alone.
    'option allbackups',
    ...(mode === 'http' ? httpLines(settings) : []),
    'load-server-state-from-file global',
    // Not leastconn: endpoints that refuse have the fewest connections, and two of them take each other's retries until they are checked.
    'balance roundrobin',
    ...settings.defaults,
  ];
}

function httpLines({ retryOn }: Settings): readonly string[] {
  return [
    // Together with the master's hand-over of listeners: no request lost in a reload (0 of 1.3 million on 2.6).
    'option idle-close-on-response',
    'option forwardfor',
    `retry-on ${retryOn.join(' ')}`,
  ];
}
