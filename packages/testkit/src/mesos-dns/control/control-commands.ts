import type { TaskDefinition } from '../cluster/task-definition.ts';
import { MesosDnsSimulatorError } from '../error.ts';
import { type MesosDnsFault, mesosDnsFaultKinds } from '../fault.ts';
import type { MesosDnsSimulator } from '../simulator-interface.ts';

export interface ControlRequest {
  readonly simulator: MesosDnsSimulator;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** One line of the control API. */
export interface ControlCommand {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  /** What to give curl after the address of the control API. */
  readonly example: string;
  /** Returns what is answered as JSON. */
  readonly run: (request: ControlRequest) => unknown;
}

export const controlCommands: readonly ControlCommand[] = [
  {
    method: 'GET',
    path: '/state',
    summary: 'addresses, and how often it was asked',
    example: '/state',
    run: ({ simulator: { url, dnsServer, requests } }) => ({
      url,
      dnsServer,
      requests: { http: requests.http.length, dns: requests.dns.length },
    }),
  },
  {
    method: 'POST',
    path: '/tasks',
    summary: 'launch the task in the body: name, framework, agent, hostPorts, ports, addresses; answers with its id',
    example: `/tasks -d '{"name":"web","hostPorts":[31001],"ports":[{"number":31001,"name":"http","protocol":"tcp"}]}'`,
    run: ({ simulator, body }) => ({ id: simulator.launch(parseObject(body) as unknown as TaskDefinition) }),
  },
  {
    method: 'DELETE',
    path: '/tasks',
    summary: 'end the task ?id=',
    example: '/tasks?id=<id> -X DELETE',
    run: ({ simulator, query }) => simulator.end(query.get('id') ?? ''),
  },
  {
    method: 'POST',
    path: '/agents',
    summary: 'let the agent ?index= register (?registered=true) or disappear (false)',
    example: '/agents?index=0&registered=false -X POST',
    run: ({ simulator, query }) =>
      simulator.setRegistered(Number(query.get('index')), query.get('registered') !== 'false'),
  },
  {
    method: 'POST',
    path: '/failover',
    summary: 'let the master ?leader=IP:PORT lead, which knows no agent until it registers',
    example: '/failover?leader=127.0.0.2:5050 -X POST',
    run: ({ simulator, query }) => simulator.failOver(query.get('leader') ?? '127.0.0.2:5050'),
  },
  {
    method: 'POST',
    path: '/refresh',
    summary: 'read the master now',
    example: '/refresh -X POST',
    run: ({ simulator }) => simulator.refresh(),
  },
  {
    method: 'POST',
    path: '/faults',
    summary: `misbehave by the fault in the body: ${mesosDnsFaultKinds.join(', ')}`,
    example: `/faults -d '{"kind":"status","status":503}'`,
    run: ({ simulator, body }) => simulator.setFault(parseFault(body)),
  },
  {
    method: 'DELETE',
    path: '/faults',
    summary: 'clear all faults',
    example: '/faults -X DELETE',
    run: ({ simulator }) => simulator.clearFaults(),
  },
];

function parseFault(body: string): MesosDnsFault {
  const fault = parseObject(body);
  if (!mesosDnsFaultKinds.some((kind) => kind === fault.kind)) {
    throw new MesosDnsSimulatorError(`a fault has a "kind", one of ${mesosDnsFaultKinds.join(', ')}`);
  }
  return fault as unknown as MesosDnsFault;
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported below, as for a body of another kind.
  }
  throw new MesosDnsSimulatorError('the body must be a JSON object');
}
