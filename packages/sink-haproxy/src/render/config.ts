import { sha256 } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import { mapNames } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import { renderAuthorities } from './authorities.ts';
import { renderBackend, renderBackendStructure } from './backend.ts';
import * as safe from './escape.ts';
import { mapPaths, metaMap, renderMap, statePath } from './files.ts';
import { renderFrontends } from './frontends.ts';
import { section } from './section.ts';

export interface RenderOptions {
  /** Default: that of {@link structureHash}. */
  readonly hash?: string;
  /** Default: the run directory; another one only for a candidate that is checked elsewhere. */
  readonly mapDirectory?: string;
}

/** The whole file. */
export function renderConfig(desired: Desired, settings: Settings, options: RenderOptions = {}): string {
  const { hash = structureHash(desired, settings), mapDirectory = settings.runDirectory } = options;
  const backends = [...desired.backends.values()].map(renderBackend);
  return `${head(desired, settings, mapDirectory, hash)}\n${backends.join('\n')}`;
}

/**
 * Names everything that only a reload can change, and nothing else: endpoints and map entries are left out. The running process shows it as
 * `description` in `show info`, which tells what it runs even when the files lag behind or Signalbox has just started.
 */
export function structureHash(desired: Desired, settings: Settings): string {
  const known = hashes.get(settings);
  if (known?.version === desired.structureVersion && known.backends === desired.backends) return known.hash;
  const backends = [...desired.backends.values()].map(renderBackendStructure);
  const hash = sha256(`${head(desired, settings, settings.runDirectory, undefined)}\n${backends.join('\n')}`);
  hashes.set(settings, { version: desired.structureVersion, backends: desired.backends, hash });
  return hash;
}

const hashes = new WeakMap<Settings, { version: number; backends: Desired['backends']; hash: string }>();

/** Every file but the server state, by path, in the order in which they are written: the configuration last. */
export function renderFiles(
  desired: Desired,
  settings: Settings,
  options: RenderOptions = {},
): ReadonlyMap<string, string> {
  const paths = mapPaths(settings.runDirectory);
  const files = new Map<string, string>([[paths.meta, metaMap]]);
  for (const name of mapNames) {
    // Nothing refers to it otherwise.
    if (name !== 'sni' || desired.passthrough) files.set(paths[name], renderMap(desired.maps[name]));
  }
  return files.set(settings.configPath, renderConfig(desired, settings, options));
}

const ownership = '# Made by Signalbox';

/** Whether a configuration came from here; the rest of it may have been edited since. */
export function isOwnConfig(text: string): boolean {
  return text.startsWith(ownership);
}

function head(desired: Desired, settings: Settings, mapDirectory: string, hash: string | undefined): string {
  return [
    `${ownership}, which replaces this file as a whole: edits by hand are lost.`,
    section('global', [
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
    ]),
    defaultsSection('http', settings, [
      // Together with the master's hand-over of listeners: no request lost in a reload (0 of 1.3 million on 2.6).
      'option idle-close-on-response',
      'option forwardfor',
      `retry-on ${settings.retryOn.join(' ')}`,
    ]),
    defaultsSection('tcp', settings, []),
    renderFrontends(desired, settings, mapPaths(mapDirectory)),
    ...renderAuthorities(desired, settings),
  ].join('\n');
}

function defaultsSection(mode: 'http' | 'tcp', settings: Settings, lines: readonly string[]): string {
  return section(`defaults d_${mode}`, [
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
    ...lines,
    'load-server-state-from-file global',
    // Not leastconn: endpoints that refuse have the fewest connections, and two of them take each other's retries until they are checked.
    'balance roundrobin',
    ...settings.defaults,
  ]);
}
