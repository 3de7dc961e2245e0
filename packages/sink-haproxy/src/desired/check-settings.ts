import type { Service } from '@signalbox/core';
import { checkPort } from '@signalbox/sink-kit';
import * as safe from '../render/escape.ts';
import { mapPaths } from '../render/files.ts';
import type { Settings } from '../settings.ts';
import { readExtension } from './extension.ts';

export interface CheckSettings {
  readonly lines: readonly string[];
  /** Host and path of the request, for the map that the lines ask; undefined where they say it themselves, and where there is no request. */
  readonly request: string | undefined;
  /** Empty when the service is not checked. */
  readonly serverSettings: readonly string[];
  readonly problems: readonly string[];
}

/** The checks of a service in HAProxy's terms. HAProxy's success is 2xx and 3xx, as Marathon's is. */
export function describeCheck(service: Service, settings: Settings): CheckSettings {
  const { healthCheck } = service;
  if (healthCheck === undefined || !settings.checks) {
    return { lines: [], request: undefined, serverSettings: [], problems: [] };
  }
  const lines: string[] = [];
  let request: string | undefined;
  const problems: string[] = [];
  if (healthCheck.kind !== 'tcp') {
    const path = healthCheck.path ?? '/';
    if (/^\/[!-~]{0,1023}$/.test(path)) {
      const extension = readExtension(service.extensions?.haproxy);
      const host = 'problem' in extension ? undefined : extension.checkHost;
      const asked = `${host ?? 'localhost'}${path}`;
      lines.push('option httpchk');
      if (isCheckRequest(asked)) {
        request = asked;
        lines.push(requestLine(settings));
      } else {
        lines.push(
          `http-check send meth GET uri ${safe.quoted(path)} ver HTTP/1.1 hdr Host ${safe.quotedLogFormat(host ?? 'localhost')}`,
        );
      }
    } else problems.push('the path of the health check cannot be written for HAProxy; connections are checked instead');
  }
  const intervalMs = clamp(healthCheck.intervalMs ?? 2_000, 100, 3_600_000);
  // A source checks every minute because it only restarts tasks; a proxy that waits as long sends requests to a dead one.
  const interMs = Math.min(intervalMs, 10_000);
  const fastMs = Math.min(interMs, 1_000);
  if (healthCheck.timeoutMs !== undefined) {
    lines.push(`timeout check ${clamp(healthCheck.timeoutMs, 10, interMs)}ms`);
  }
  const serverSettings = [
    'check',
    `inter ${interMs}ms`,
    `fastinter ${fastMs}ms`,
    `downinter ${fastMs}ms`,
    `fall ${clamp(healthCheck.failures ?? 3, 1, 100)}`,
    'rise 1',
  ];
  if (healthCheck.kind === 'https' && service.traffic?.endpointTls === undefined) {
    serverSettings.push('check-ssl', 'verify none');
  }
  if (healthCheck.port !== undefined) {
    const port = checkPort(healthCheck.port);
    if (port.ok) serverSettings.push(`port ${port.value}`);
    else problems.push(`the port of the health check was ignored: ${port.reason}`);
  }
  return { lines, request, serverSettings, problems };
}

/** What a map and a command take as it is. A path with anything else, such as a quote, stands in the lines, and so in a profile of its own. */
function isCheckRequest(text: string): boolean {
  return /^[A-Za-z0-9.:-]+\/[A-Za-z0-9._~!&*+,=:@%/?-]{0,1000}$/.test(text);
}

/**
 * Each check looks up what it asks for, by the name of its backend: so all services with the same time-out share a profile, and a new path needs no
 * reload (seen on 2.6 to 3.4). A log format in `http-check send` is 2.2's.
 */
function requestLine({ runDirectory }: Pick<Settings, 'runDirectory'>): string {
  const lookup = `be_name,map_str(${mapPaths(runDirectory).check})`;
  return `http-check send meth GET uri-lf '%[${lookup},regsub(^[^/]*,)]' ver HTTP/1.1 hdr Host '%[${lookup},field(1,/)]'`;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(Math.round(value), least), most);
}
