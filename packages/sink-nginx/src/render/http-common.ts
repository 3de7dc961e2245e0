import type { Desired } from '../desired/model.ts';
import { controlSocketPath, type Settings } from '../settings.ts';
import { block } from './block.ts';
import * as safe from './escape.ts';
import { forwardedProtoVariable, hasTls } from './tls.ts';

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
export function headerLines(host: string, settings: Pick<Settings, 'listeners'>): readonly string[] {
  return [
    `proxy_set_header Host ${host};`,
    'proxy_set_header Connection $signalbox_connection;',
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    ...(hasTls(settings) ? [`proxy_set_header X-Forwarded-Proto ${forwardedProtoVariable(settings)};`] : []),
  ];
}

export interface CommonOptions {
  readonly runDirectory: string;
  readonly keepsIdleConnections: boolean;
  readonly hasStubStatus: boolean;
}

/** Where bodies are put that do not fit into memory. */
export function temporaryLines(directory: string): readonly string[] {
  return [
    ['client_body', 'body'],
    ['proxy', 'proxy'],
    ['fastcgi', 'fastcgi'],
    ['uwsgi', 'uwsgi'],
    ['scgi', 'scgi'],
  ].map(([name, folder]) => `${name}_temp_path ${safe.path(`${directory}/temp-${folder}`)};`);
}

export function commonLines(
  settings: Settings,
  { runDirectory, keepsIdleConnections }: CommonOptions,
): readonly string[] {
  return [
    'access_log off;',
    'server_tokens off;',
    // Redirects are relative where the route names no host: only the client knows how it came here.
    'absolute_redirect off;',
    // Longer ones are for the endpoints to refuse.
    'client_max_body_size 0;',
    ...temporaryLines(runDirectory),
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

/** How the client came: as we know it where TLS ends here. Service ports leave alone what clients say. */
export function forwardedProtoMap(desired: Desired, settings: Settings): string {
  if (!hasTls(settings)) return '';
  const ports = [...desired.ports.http.keys()].map((port) => `${port} $http_x_forwarded_proto;`);
  return block(`map $server_port ${forwardedProtoVariable(settings)}`, ['default $scheme;', ...ports]);
}

/** The server that only Signalbox talks to. */
export function renderControl(
  { runDirectory, hasStubStatus }: Pick<CommonOptions, 'runDirectory' | 'hasStubStatus'>,
  lines: readonly string[],
): string {
  return block('server', [
    `listen unix:${safe.path(controlSocketPath(runDirectory))};`,
    ...lines,
    hasStubStatus ? block('location = /connections', ['stub_status;']) : '',
  ]);
}
