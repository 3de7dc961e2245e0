import type { Service } from '@signalbox/core';
import type { Settings } from '../settings.ts';
import type { Protocol, UpstreamPolicy } from './model.ts';

export interface DescribedPolicy {
  readonly policy: UpstreamPolicy;
  /** Wishes that were left out. */
  readonly problems: readonly string[];
  /** A wish that cannot be granted and must not be left out: nobody gets the traffic. */
  readonly refusal: string | undefined;
}

/** The traffic policy of a service in nginx's terms. `hasLua`: whether cookies can bind a client to an endpoint. */
export function describePolicy(
  service: Service,
  {
    protocol,
    hasLua,
    settings,
  }: { readonly protocol: Protocol; readonly hasLua: boolean; readonly settings: Settings },
): DescribedPolicy {
  const { traffic = {} } = service;
  const { timeouts = {} } = traffic;
  const problems: string[] = [];
  const balance = traffic.balance ?? 'roundrobin';
  const isUri = balance === 'uri' && protocol !== 'http';
  if (isUri) problems.push('`balance: uri` needs `appProtocol: http`; it takes turns instead');
  if (timeouts.queueMs !== undefined) problems.push('`timeouts.queueMs` was left out: nginx has no queue');
  const { endpointTls } = traffic;
  const tls = describeTls(endpointTls);
  if (typeof tls === 'string') return { policy: plain(settings), problems, refusal: tls };
  if (traffic.proxyProtocol !== undefined && protocol !== 'tcp') {
    problems.push('the PROXY protocol was left out: nginx speaks it to endpoints of TCP services only');
  }
  if (traffic.proxyProtocol === 'v2' && protocol === 'tcp') {
    return { policy: plain(settings), problems, refusal: 'nginx does not speak version 2 of the PROXY protocol' };
  }
  const answerMs = timeouts.responseMs ?? timeouts.idleMs ?? settings.serverTimeoutMs;
  return {
    policy: {
      balance: isUri ? 'roundrobin' : balance,
      cookie: describeCookie(traffic.sticky?.cookie, { protocol, hasLua, problems }),
      maxConnections: traffic.maxConnections === undefined ? undefined : integer(traffic.maxConnections, 1),
      retries: integer(traffic.retries ?? settings.retries, 0),
      connectMs: integer(timeouts.connectMs ?? settings.connectTimeoutMs, 1),
      sendMs: integer(timeouts.idleMs ?? settings.serverTimeoutMs, 1),
      readMs: integer(protocol === 'http' ? answerMs : (timeouts.idleMs ?? settings.serverTimeoutMs), 1),
      tls,
      proxyProtocol: traffic.proxyProtocol === 'v1' && protocol === 'tcp',
    },
    problems,
    refusal: undefined,
  };
}

function describeTls(wish: NonNullable<Service['traffic']>['endpointTls']): UpstreamPolicy['tls'] | string {
  if (wish === undefined) return undefined;
  const { verify, serverName } = wish;
  if (serverName !== undefined && !/^[A-Za-z0-9.-]{1,253}$/.test(serverName))
    return 'the TLS server name is no host name';
  if (verify && serverName === undefined) {
    return 'nginx always checks the name in a certificate: set `endpointTls.serverName`';
  }
  return { verified: verify, serverName };
}

function describeCookie(
  cookie: string | undefined,
  {
    protocol,
    hasLua,
    problems,
  }: { readonly protocol: Protocol; readonly hasLua: boolean; readonly problems: string[] },
): string | undefined {
  if (cookie === undefined) return undefined;
  if (protocol !== 'http') problems.push('a sticky cookie needs `appProtocol: http`');
  else if (!/^[A-Za-z0-9_]{1,64}$/.test(cookie)) {
    problems.push('the sticky cookie was left out: nginx reads cookies whose names are letters, digits and _');
  } else if (!hasLua) problems.push('the sticky cookie was left out: nginx needs its Lua module for that');
  else return cookie;
  return undefined;
}

function plain(settings: Settings): UpstreamPolicy {
  return {
    balance: 'roundrobin',
    cookie: undefined,
    maxConnections: undefined,
    retries: settings.retries,
    connectMs: settings.connectTimeoutMs,
    sendMs: settings.serverTimeoutMs,
    readMs: settings.serverTimeoutMs,
    tls: undefined,
    proxyProtocol: false,
  };
}

/** nginx's own ceiling of times and counts is 2^31 - 1. */
function integer(value: number, least: number): number {
  return Math.min(Math.max(Math.round(value), least), 2_147_483_647);
}
