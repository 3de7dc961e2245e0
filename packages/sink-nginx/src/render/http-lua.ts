import { join } from 'node:path';
import type { ListenerTls } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import { block } from './block.ts';
import * as safe from './escape.ts';
import { commonLines, forwardedProtoMap, headerLines, pathMap, renderControl } from './http-common.ts';
import { serverHeads } from './listeners.ts';
import { misdirectedMaps } from './passthrough.ts';
import { renderConditions } from './route-maps.ts';
import { verifyLines } from './stream.ts';
import { hasTls, type TlsLineOptions } from './tls.ts';

export interface HttpOptions extends TlsLineOptions {
  readonly runDirectory: string;
  /** Served by the control socket. */
  readonly hash: string;
  /** The regular expressions of routes stand in it, to be checked. */
  readonly isCandidate: boolean;
  readonly keepsIdleConnections: boolean;
  readonly hasStubStatus: boolean;
}

/** Idle connections to all endpoints together, for each worker. */
const idleConnections = 512;

/** Says nothing of endpoints and routes: those are in the dictionary. */
export function renderLuaHttp(desired: Desired, settings: Settings, options: HttpOptions): string {
  const { runDirectory, hash, isCandidate } = options;
  const snapshot = safe.path(join(runDirectory, 'snapshot.json'));
  return block('http', [
    ...commonLines(settings, options),
    `lua_package_path ${safe.quoted(`${safe.path(join(runDirectory, 'lua'))}/?.lua;;`)};`,
    `lua_shared_dict signalbox ${settings.dictionaryMebibytes}m;`,
    'lua_shared_dict signalbox_connections 4m;',
    `lua_shared_dict signalbox_statistics ${Math.ceil(settings.dictionaryMebibytes / 4)}m;`,
    `init_by_lua_block { require "signalbox.control"; signalbox = require "signalbox.phases"; signalbox.init("${safe.name(hash)}", "${snapshot}") }`,
    'init_worker_by_lua_block { signalbox.init_worker() }',
    forwardedProtoMap(desired, settings),
    ...misdirectedMaps(desired),
    // A server with TLS needs a word on certificates, and the Lua code replaces what comes of it.
    hasTls(settings) ? block('map "" $signalbox_no_certificate', ['default "";']) : '',
    ...settings.http,
    // In the dictionary nobody would check them before a request comes.
    ...(isCandidate ? [pathMap, ...renderConditions(desired)] : []),
    block('upstream signalbox_http', [
      'server 0.0.0.1;',
      'balancer_by_lua_block { signalbox.balance() }',
      `keepalive ${idleConnections};`,
    ]),
    // Connections are told apart by address alone, so those of different names must not be kept.
    block('upstream signalbox_tls', ['server 0.0.0.1;', 'balancer_by_lua_block { signalbox.balance() }']),
    ...serverHeads(desired, settings, { ...options, certificateLines: luaCertificateLines }).map((head) =>
      renderServer(head, settings),
    ),
    renderControl(options, controlLines),
  ]);
}

function luaCertificateLines({ strictSni }: ListenerTls): readonly string[] {
  return [
    'ssl_certificate "data:$signalbox_no_certificate";',
    'ssl_certificate_key "data:$signalbox_no_certificate";',
    `ssl_certificate_by_lua_block { signalbox.handshake(${strictSni}) }`,
  ];
}

function renderServer(head: readonly string[], settings: Settings): string {
  const pass = [
    'access_by_lua_block { signalbox.access() }',
    'header_filter_by_lua_block { signalbox.header_filter() }',
    'log_by_lua_block { signalbox.finish() }',
    'proxy_ssl_name $signalbox_tls_name;',
    'proxy_pass $signalbox_scheme://$signalbox_upstream$signalbox_uri;',
  ];
  return block('server', [
    ...head,
    'set $signalbox_scheme http;',
    'set $signalbox_upstream signalbox_http;',
    'set $signalbox_uri /;',
    'set $signalbox_host $http_host;',
    'set $signalbox_tls_name "";',
    'set $signalbox_verified "";',
    ...headerLines('$signalbox_host', settings),
    block('location /', pass),
    block('location @verified', [...pass, ...verifyLines(settings)]),
  ]);
}

const controlLines: readonly string[] = [
  'client_body_buffer_size 16m;',
  block('location = /state', ['content_by_lua_block { require("signalbox.control").state() }']),
  block('location = /entries', ['content_by_lua_block { require("signalbox.control").entries() }']),
  block('location = /statistics', ['content_by_lua_block { require("signalbox.control").statistics() }']),
  block('location = /batch', ['content_by_lua_block { require("signalbox.control").batch() }']),
];
