import type { Service } from '@signalbox/core';
import * as safe from '../render/escape.ts';
import type { Settings } from '../settings.ts';
import { describeCheck } from './check-settings.ts';
import { describeEndpointTls } from './endpoint-tls.ts';
import type { Mode } from './model.ts';

export interface BackendSettings {
  readonly lines: readonly string[];
  readonly serverSettings: string;
  readonly checked: boolean;
  readonly checkRequest: string | undefined;
  readonly problems: readonly string[];
}

/** The text of a backend from the service's policy and health check; what cannot be granted becomes a problem. */
export function describeBackendSettings(service: Service, mode: Mode, settings: Settings): BackendSettings {
  const { traffic = {} } = service;
  const check = describeCheck(service, settings);
  const problems = [...check.problems];
  const lines = [...balanceLines(traffic.balance)];
  const { timeouts = {} } = traffic;
  const answerMs = timeouts.responseMs ?? timeouts.idleMs;
  if (timeouts.connectMs !== undefined) lines.push(`timeout connect ${milliseconds(timeouts.connectMs)}`);
  if (timeouts.queueMs !== undefined) lines.push(`timeout queue ${milliseconds(timeouts.queueMs)}`);
  if (answerMs !== undefined) lines.push(`timeout server ${milliseconds(answerMs)}`);
  if (timeouts.idleMs !== undefined) lines.push(`timeout tunnel ${milliseconds(timeouts.idleMs)}`);
  if (traffic.retries !== undefined) lines.push(`retries ${integer(traffic.retries)}`);
  if (traffic.sticky !== undefined) {
    if (mode !== 'http') problems.push('a sticky cookie needs `appProtocol: http`');
    else if (!/^[A-Za-z0-9_.-]{1,64}$/.test(traffic.sticky.cookie))
      problems.push('the name of the sticky cookie is unusable');
    else {
      // A dynamic cookie needs no `cookie` keyword on the server, which `add server` refuses before 3.0.
      lines.push(`cookie ${traffic.sticky.cookie} insert indirect nocache httponly dynamic`);
      lines.push(`dynamic-cookie-key ${safe.quoted(traffic.sticky.cookie)}`);
    }
  }
  const server: string[] = [];
  if (traffic.maxConnections !== undefined) server.push(`maxconn ${integer(traffic.maxConnections)}`);
  const tls = describeEndpointTls(traffic.endpointTls, settings);
  server.push(...tls.words);
  problems.push(...tls.problems);
  if (mode === 'http' && service.appProtocol === 'h2c') server.push('proto h2');
  if (traffic.proxyProtocol !== undefined) server.push(traffic.proxyProtocol === 'v1' ? 'send-proxy' : 'send-proxy-v2');
  server.push(...check.serverSettings);
  const { healthCheck } = service;
  // A port of its own for checks speaks what the check says; the endpoint's own port speaks TLS.
  const checksTls = healthCheck?.port === undefined || healthCheck.kind === 'https';
  if (check.serverSettings.length > 0 && checksTls) server.push(...tls.checkWords);
  // Without these two, servers added at runtime do not re-use connections on 2.6 (fixed by 8a31783b6 in 3.0).
  server.push('pool-max-conn -1', 'pool-purge-delay 5s');
  return {
    lines: [...lines, ...check.lines],
    serverSettings: server.join(' '),
    checked: check.serverSettings.length > 0,
    checkRequest: check.request,
    problems,
  };
}

/** Only algorithms that take servers at runtime; the hashing ones need a consistent hash for that. */
function balanceLines(balance: NonNullable<Service['traffic']>['balance']): readonly string[] {
  if (balance === undefined) return [];
  if (balance === 'source' || balance === 'uri') return [`balance ${balance}`, 'hash-type consistent'];
  return [`balance ${balance}`];
}

function milliseconds(value: number): string {
  return `${integer(value)}ms`;
}

/** HAProxy's own ceiling of times and counts is 2^31 - 1. */
function integer(value: number): number {
  return Math.min(Math.max(Math.round(value), 1), 2_147_483_647);
}
