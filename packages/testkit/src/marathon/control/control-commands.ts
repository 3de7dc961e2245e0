import { type ControlCommand, ControlRequestError, parseObject } from '../../control/control-command.ts';
import type { AppDefinition } from '../cluster/definition.ts';
import type { PodDefinition } from '../cluster/pod-definition.ts';
import { type Fault, faultKinds } from '../faults/fault.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';

export const controlCommands: readonly ControlCommand<MarathonSimulator>[] = [
  {
    method: 'GET',
    path: '/state',
    summary: 'version, URLs, leader, agents, tasks and connections',
    example: '/state',
    run: ({ simulator }) => ({
      dialect: simulator.dialect,
      urls: simulator.urls,
      leaderIndex: simulator.leaderIndex,
      agents: simulator.agents,
      connections: simulator.connections(),
      tasks: simulator.tasks(),
    }),
  },
  {
    method: 'POST',
    path: '/apps',
    summary: 'create the app in the body, in the form that POST /v2/apps of Marathon takes',
    example: `/apps -d '{"id":"/shop/web","instances":3}'`,
    run: ({ simulator, body }) => simulator.createApp(parseObject(body) as unknown as AppDefinition),
  },
  {
    method: 'POST',
    path: '/apps/<id>/scale',
    summary: 'scale an app to ?instances=',
    example: '/apps/shop/web/scale?instances=5 -X POST',
    run: ({ simulator, parameter, query }) => simulator.scale(`/${parameter}`, numberOf(query, 'instances')),
  },
  {
    method: 'POST',
    path: '/apps/<id>/update',
    summary: 'change the fields in the body, by a rolling deployment',
    example: `/apps/shop/web/update -d '{"labels":{"release":"2"}}'`,
    run: ({ simulator, parameter, body }) => simulator.updateApp(`/${parameter}`, parseObject(body)),
  },
  {
    method: 'POST',
    path: '/apps/<id>/restart',
    summary: 'replace all tasks of an app',
    example: '/apps/shop/web/restart -X POST',
    run: ({ simulator, parameter }) => simulator.restartApp(`/${parameter}`),
  },
  {
    method: 'DELETE',
    path: '/apps/<id>',
    summary: 'delete an app',
    example: '/apps/shop/web -X DELETE',
    run: ({ simulator, parameter }) => simulator.deleteApp(`/${parameter}`),
  },
  {
    method: 'POST',
    path: '/pods',
    summary: 'create the pod in the body, in the form that POST /v2/pods of Marathon takes (1.4 and later)',
    example: `/pods -d '{"id":"/shop/pod","containers":[{"name":"web","endpoints":[{"name":"http","hostPort":0}]}]}'`,
    run: ({ simulator, body }) => simulator.createPod(parseObject(body) as unknown as PodDefinition),
  },
  {
    method: 'POST',
    path: '/pods/<id>/scale',
    summary: 'scale a pod to ?instances=',
    example: '/pods/shop/pod/scale?instances=3 -X POST',
    run: ({ simulator, parameter, query }) => simulator.scalePod(`/${parameter}`, numberOf(query, 'instances')),
  },
  {
    method: 'POST',
    path: '/pods/<id>/update',
    summary: 'change the fields in the body, by a rolling deployment',
    example: `/pods/shop/pod/update -d '{"environment":{"RELEASE":"2"}}'`,
    run: ({ simulator, parameter, body }) => simulator.updatePod(`/${parameter}`, parseObject(body)),
  },
  {
    method: 'DELETE',
    path: '/pods/<id>',
    summary: 'delete a pod',
    example: '/pods/shop/pod -X DELETE',
    run: ({ simulator, parameter }) => simulator.deletePod(`/${parameter}`),
  },
  {
    method: 'POST',
    path: '/tasks/<id>/kill',
    summary: 'end a task, or an instance of a pod, gracefully or with ?notice=false at once',
    example: '/tasks/<id>/kill?notice=false -X POST',
    run: ({ simulator, parameter, query }) =>
      simulator.killTask(parameter, { notice: query.get('notice') !== 'false' }),
  },
  {
    method: 'POST',
    path: '/tasks/<id>/health',
    summary: 'make the health checks of a task pass or fail, by ?healthy=',
    example: '/tasks/<id>/health?healthy=false -X POST',
    run: ({ simulator, parameter, query }) => simulator.setHealthy(parameter, query.get('healthy') !== 'false'),
  },
  {
    method: 'POST',
    path: '/agents/<address>/lose',
    summary: 'cut an agent off with all its tasks',
    example: '/agents/127.0.64.1/lose -X POST',
    run: ({ simulator, parameter }) => simulator.loseAgent(parameter),
  },
  {
    method: 'POST',
    path: '/agents/<address>/restore',
    summary: 'bring an agent back',
    example: '/agents/127.0.64.1/restore -X POST',
    run: ({ simulator, parameter }) => simulator.restoreAgent(parameter),
  },
  {
    method: 'POST',
    path: '/leader/change',
    summary: 'let the next node lead; answers when it does',
    example: '/leader/change -X POST',
    run: ({ simulator }) => simulator.changeLeader(),
  },
  {
    method: 'POST',
    path: '/faults',
    summary: `make all nodes, or ?master=, misbehave by the fault in the body: ${faultKinds.join(', ')}`,
    example: `/faults?master=0 -d '{"kind":"status","status":503}'`,
    run: ({ simulator, query, body }) =>
      simulator.setFault(parseFault(body), query.has('master') ? { master: numberOf(query, 'master') } : {}),
  },
  {
    method: 'DELETE',
    path: '/faults',
    summary: 'clear all faults',
    example: '/faults -X DELETE',
    run: ({ simulator }) => simulator.clearFaults(),
  },
  {
    method: 'POST',
    path: '/settled',
    summary: 'wait until all deployments are done and all tasks in their wanted state',
    example: '/settled -X POST',
    run: ({ simulator }) => simulator.settled(),
  },
];

function parseFault(body: string): Fault {
  const fault = parseObject(body);
  if (!faultKinds.some((kind) => kind === fault.kind)) {
    throw new ControlRequestError(`"kind" must be one of ${faultKinds.join(', ')}`);
  }
  return fault as unknown as Fault;
}

function numberOf(query: URLSearchParams, name: string): number {
  const value = Number(query.get(name) ?? Number.NaN);
  if (!Number.isInteger(value)) throw new ControlRequestError(`?${name}= must be a whole number`);
  return value;
}
