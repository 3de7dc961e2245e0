import { join } from 'node:path';
import { sha256 } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import { readLuaFiles } from '../lua-files.ts';
import type { NginxMode } from '../options.ts';
import type { Settings } from '../settings.ts';
import { block } from './block.ts';
import { renderCertificates } from './certificates.ts';
import * as safe from './escape.ts';
import { renderLuaHttp } from './http-lua.ts';
import { renderStaticHttp } from './http-static.ts';
import { renderStream } from './stream.ts';
import { hasTls, type TlsLineOptions } from './tls.ts';

export interface RenderOptions extends TlsLineOptions {
  readonly settings: Settings;
  readonly mode: NginxMode;
  /** Paths of the modules to load. */
  readonly modules: readonly string[];
  /** `keepalive_min_timeout`, with which a reload loses no request on a kept connection (nginx 1.27.4). */
  readonly keepsIdleConnections: boolean;
  /** Whether nginx counts connections and requests, for the statistics. */
  readonly hasStubStatus: boolean;
}

interface TextOptions extends RenderOptions {
  readonly hash: string;
  readonly runDirectory: string;
  readonly pidPath: string;
  /** Has what only a check needs to see. */
  readonly isCandidate: boolean;
}

/** What a reload is needed for. */
export interface Structure {
  readonly config: string;
  /** What the configuration includes, with keys; undefined when it includes nothing. */
  readonly certificates: string | undefined;
  /** The running process serves this, which tells what it runs even when the files lag behind or Signalbox has just started. */
  readonly hash: string;
  /** TCP ports that it listens on, ascending. */
  readonly ports: readonly number[];
}

const ownership = '# Made by Signalbox';

/** Whether a configuration came from here; the rest of it may have been edited since. */
export function isOwnConfig(text: string): boolean {
  return text.startsWith(ownership);
}

export function renderStructure(desired: Desired, options: RenderOptions): Structure {
  const { settings, mode } = options;
  const place = { runDirectory: settings.runDirectory, pidPath: settings.pidPath, isCandidate: false };
  const text = renderText(desired, { ...options, ...place, hash: 'none' });
  const code = mode === 'lua' ? [...readLuaFiles().values()] : [];
  const certificates = renderKeys(desired, options);
  const hash = sha256([text, ...code, ...(certificates === undefined ? [] : [certificates])].join('\0'));
  const { http, tcp } = desired.ports;
  const ports = [...settings.listeners.map(({ port }) => port), ...http.keys(), ...tcp.keys()];
  return {
    config: renderText(desired, { ...options, ...place, hash }),
    certificates,
    hash,
    ports: ports.sort((left, right) => left - right),
  };
}

/** The configuration as it is checked: all its paths lie in `directory`, and the regular expressions of routes stand in it. */
export function renderCandidate(desired: Desired, options: RenderOptions, directory: string): string {
  const pidPath = join(directory, 'nginx.pid');
  return renderText(desired, { ...options, hash: 'candidate', runDirectory: directory, pidPath, isCandidate: true });
}

/** The file that the candidate includes; in Lua mode certificates are entries of the dictionary. */
export function renderKeys(desired: Desired, { settings, mode }: RenderOptions): string | undefined {
  if (mode === 'lua' || !hasTls(settings)) return undefined;
  return renderCertificates(
    desired.certificates,
    settings.listeners.map(({ tls }) => tls),
  );
}

/** What decides whether nginx takes it. */
export function hashCandidate(desired: Desired, options: RenderOptions): string {
  return sha256(`${renderCandidate(desired, options, '/candidate')}\0${renderKeys(desired, options)}`);
}

function renderText(desired: Desired, options: TextOptions): string {
  const { settings, mode, modules, runDirectory, pidPath, hash, isCandidate } = options;
  const { reload, user, workers, main } = settings;
  const http = (mode === 'lua' ? renderLuaHttp : renderStaticHttp)(desired, settings, {
    runDirectory,
    hash,
    isCandidate,
    keepsIdleConnections: options.keepsIdleConnections,
    hasStubStatus: options.hasStubStatus,
    hasHttp2Directive: options.hasHttp2Directive,
  });
  const parts = [
    `${ownership}, which replaces this file as a whole: edits by hand are lost.`,
    ...modules.map((path) => `load_module ${safe.path(path)};`),
    ...(user === undefined ? [] : [`user ${user};`]),
    `pid ${safe.path(pidPath)};`,
    `error_log ${safe.path(join(runDirectory, 'error.log'))} warn;`,
    `worker_processes ${workers ?? 'auto'};`,
    `worker_shutdown_timeout ${reload.workerShutdownTimeoutMs}ms;`,
    ...main,
    block('events', [`worker_connections ${settings.workerConnections};`]),
    http,
    renderStream(desired, { settings, runDirectory }),
  ];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}
