import type { HealthCheck } from '@signalbox/core';
import type { App, MarathonHealthCheck } from './app.ts';
import { isPort } from './read-fields.ts';

/** The check that a proxy can repeat for this port. HTTP checks win over TCP ones, because they say more. */
export function healthCheckFor(app: App, index: number): HealthCheck | undefined {
  let chosen: HealthCheck | undefined;
  for (const check of app.healthChecks) {
    const kind = kindOf(check);
    if (kind === undefined || (chosen !== undefined && (chosen.kind !== 'tcp' || kind === 'tcp'))) continue;
    const target = targetOf(check, app, index);
    if (target === 'other') continue;
    chosen = {
      kind,
      ...(kind !== 'tcp' && { path: pathOf(check) }),
      ...(target !== 'own' && { port: target }),
      intervalMs: check.intervalMs,
      timeoutMs: check.timeoutMs,
      // 0 means "never kill" for Marathon, which says nothing about when a proxy should stop routing.
      ...(check.maxConsecutiveFailures > 0 && { failures: check.maxConsecutiveFailures }),
    };
  }
  return chosen;
}

function kindOf(check: MarathonHealthCheck): HealthCheck['kind'] | undefined {
  switch (check.protocol) {
    case 'HTTP':
    case 'MESOS_HTTP':
      return 'http';
    case 'HTTPS':
    case 'MESOS_HTTPS':
      return 'https';
    case 'TCP':
    case 'MESOS_TCP':
      return 'tcp';
    default:
      return undefined;
  }
}

/** Whether the check concerns the port with this index, some other one, or a port that no index names. */
function targetOf(check: MarathonHealthCheck, app: App, index: number): 'own' | 'other' | number {
  if (check.port === undefined) return check.portIndex === index ? 'own' : 'other';
  const numbers = app.ports.map((port) => (app.mode === 'host' ? port.servicePort : port.containerPort));
  if (numbers.includes(check.port)) return numbers[index] === check.port ? 'own' : 'other';
  // A management port of its own judges the whole task. `MESOS_*` counts ports inside the container, out of a proxy's reach.
  const reachable = isPort(check.port) && !(check.protocol.startsWith('MESOS_') && app.mode !== 'host');
  return reachable ? check.port : 'other';
}

/** Marathon puts the missing slash in front as well, and asks for `/` when there is no path (`HealthCheckWorker.scala`). */
function pathOf(check: MarathonHealthCheck): string {
  const path = check.path ?? '/';
  return path.startsWith('/') ? path : `/${path}`;
}
