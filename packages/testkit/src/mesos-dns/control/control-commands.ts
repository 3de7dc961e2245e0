import { type ControlCommand, ControlRequestError, parseObject } from '../../control/control-command.ts';
import type { TaskDefinition } from '../cluster/task-definition.ts';
import { type MesosDnsFault, mesosDnsFaultKinds } from '../fault.ts';
import type { MesosDnsSimulator } from '../simulator-interface.ts';

export const controlCommands: readonly ControlCommand<MesosDnsSimulator>[] = [
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
    run: ({ simulator, body }) => ({ id: simulator.launch(parseTask(body)) }),
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
      simulator.setRegistered(Number(query.get('index') ?? Number.NaN), query.get('registered') !== 'false'),
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
    throw new ControlRequestError(`a fault has a "kind", one of ${mesosDnsFaultKinds.join(', ')}`);
  }
  if (fault.kind === 'slow' && !isNumber(fault.delayMs, 0, 3_600_000)) {
    throw new ControlRequestError('"slow" has a number "delayMs"');
  }
  if (fault.kind === 'status' && !isNumber(fault.status, 200, 599)) {
    throw new ControlRequestError('"status" has a number "status", from 200 to 599');
  }
  return fault as unknown as MesosDnsFault;
}

/** A task that cannot be described would break every answer from then on. */
function parseTask(body: string): TaskDefinition {
  const task = parseObject(body);
  const { name, hostPorts = [], ports = [], addresses = [] } = task;
  const isPort = (port: unknown): boolean => isNumber(port, 1, 65_535);
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  const isDiscovered = (port: unknown): boolean =>
    typeof port === 'object' && port !== null && 'number' in port && isPort(port.number);
  const isList = (value: unknown, fits: (item: unknown) => boolean): boolean =>
    Array.isArray(value) && value.every(fits);
  const mistakes = [
    ...(isText(name) ? [] : ['"name" is a text']),
    ...(isList(hostPorts, isPort) ? [] : ['"hostPorts" is a list of ports']),
    ...(ports === 'none' || isList(ports, isDiscovered)
      ? []
      : ['"ports" is a list of objects with "number", or "none"']),
    ...(isList(addresses, isText) ? [] : ['"addresses" is a list of texts']),
  ];
  if (mistakes.length > 0) throw new ControlRequestError(`of a task, ${mistakes.join(', and ')}`);
  return task as unknown as TaskDefinition;
}

function isNumber(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
