import type { Desired } from '../desired/model.ts';
import { controlSocketPath, type Settings } from '../settings.ts';
import { block } from './block.ts';
import * as safe from './escape.ts';

/** What both modes say for every request that is passed on. */
export function proxyLines(settings: Settings): readonly string[] {
  return [
    'proxy_http_version 1.1;',
    'proxy_redirect off;',
    'proxy_pass_header Server;',
    'proxy_pass_header Date;',
    `proxy_connect_timeout ${settings.connectTimeoutMs}ms;`,
    `proxy_send_timeout ${settings.serverTimeoutMs}ms;`,
    `proxy_read_timeout ${settings.serverTimeoutMs}ms;`,
    'proxy_next_upstream error timeout;',
    `proxy_next_upstream_tries ${settings.retries + 1};`,
    'proxy_ssl_server_name on;',
  ];
}

/** A location that sets one of these has to say all of them again. */
export function headerLines(host: string): readonly string[] {
  return [
    `proxy_set_header Host ${host};`,
    'proxy_set_header Connection $signalbox_connection;',
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
  ];
}

export interface CommonOptions {
  readonly runDirectory: string;
  readonly keepsIdleConnections: boolean;
}

export function commonLines(
  settings: Settings,
  { runDirectory, keepsIdleConnections }: CommonOptions,
): readonly string[] {
  const temporary = (name: string): string => safe.path(`${runDirectory}/temp-${name}`);
  return [
    'access_log off;',
    'server_tokens off;',
    // Redirects are relative where the route names no host: only the client knows how it came here.
    'absolute_redirect off;',
    // Longer ones are for the endpoints to refuse.
    'client_max_body_size 0;',
    `client_body_temp_path ${temporary('body')};`,
    `proxy_temp_path ${temporary('proxy')};`,
    `fastcgi_temp_path ${temporary('fastcgi')};`,
    `uwsgi_temp_path ${temporary('uwsgi')};`,
    `scgi_temp_path ${temporary('scgi')};`,
    `client_header_timeout ${settings.clientTimeoutMs}ms;`,
    `client_body_timeout ${settings.clientTimeoutMs}ms;`,
    `send_timeout ${settings.clientTimeoutMs}ms;`,
    `keepalive_timeout ${settings.clientTimeoutMs}ms;`,
    // An old worker waits for the next request of an idle connection instead of closing it under one that is on its way.
    keepsIdleConnections ? 'keepalive_min_timeout 10s;' : '',
    // Else a connection is closed after so many requests, and the next one on it may be lost.
    'keepalive_requests 1000000;',
    'server_names_hash_bucket_size 512;',
    'variables_hash_max_size 65536;',
    'map_hash_max_size 262144;',
    'map_hash_bucket_size 512;',
    ...proxyLines(settings),
    block('map $http_upgrade $signalbox_connection', ['default upgrade;', '"" "";']),
  ];
}

/** The path as the client sent it, without scheme and host of a request in absolute form. */
export const pathMap: string = block('map $request_uri $signalbox_path', [
  'default "/";',
  '"~^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?]*)?(?<signalbox_found_path>/[^?]*)" $signalbox_found_path;',
]);

/** The shared listeners, and the ports of HTTP services. */
export function listenLines(desired: Desired, settings: Settings): readonly string[] {
  const listeners = settings.listeners.map(({ address, port }) => `listen ${safe.addressAndPort(address, port)};`);
  const ports = [...desired.ports.http.keys()].map(
    (port) => `listen ${safe.addressAndPort(settings.bindAddress, port)};`,
  );
  return [...listeners, ...ports];
}

/** The server that only Signalbox talks to. */
export function renderControl(runDirectory: string, lines: readonly string[]): string {
  return block('server', [`listen unix:${safe.path(controlSocketPath(runDirectory))};`, ...lines]);
}
