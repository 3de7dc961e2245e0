import { once } from 'node:events';
import { Agent, get as httpGet } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MarathonEvent, MarathonSimulator, TaskView } from '../index.ts';
import { createMarathonSimulator } from '../simulator.ts';

const drainMs = 800;
let simulator: MarathonSimulator;

beforeEach(async () => {
  simulator = await createMarathonSimulator({
    timing: { drainMs, lingerMs: 50, failureNoticeMs: 200, agentTimeoutMs: 5000 },
  });
});

afterEach(() => simulator.close());

const urlOf = (task: TaskView, path = '/') => `http://${task.agent}:${task.ports[0]}${path}`;

/** One request over a connection of its own. */
const get = (url: string) => fetch(url, { headers: { Connection: 'close' } });

async function createWeb(instances = 1): Promise<TaskView> {
  await simulator.createApp({ id: '/web', instances, healthChecks: [{ path: '/health' }] });
  await simulator.settled();
  return simulator.tasks('/web')[0]!;
}

function eventOf(taskId: string, taskStatus: string): Promise<MarathonEvent> {
  return new Promise((resolve) => {
    const stop = simulator.onEvent((event) => {
      if (event.taskId !== taskId || event.taskStatus !== taskStatus) return;
      stop();
      resolve(event);
    });
  });
}

test('a task says who it is', async () => {
  const task = await createWeb();
  const response = await get(urlOf(task));
  expect(response.headers.get('x-task')).toBe(task.id);
  expect(await response.json()).toEqual({
    app: '/web',
    task: task.id,
    version: task.version,
    agent: task.agent,
    port: task.ports[0],
  });
  expect(simulator.agents).toContain(task.agent);
});

test('the health path follows the health of the task', async () => {
  const task = await createWeb();
  expect((await get(urlOf(task, '/health'))).status).toBe(200);
  simulator.setHealthy(task.id, false);
  expect((await get(urlOf(task, '/health'))).status).toBe(503);
  expect((await get(urlOf(task))).status).toBe(200);
  await simulator.settled();
  expect(simulator.tasks('/web')[0]?.healthy).toBe(false);
});

test('a task with notice drains, then finishes what is in flight', async () => {
  const task = await createWeb();
  const agent = new Agent({ keepAlive: true });
  const keptOpen = await new Promise<void>((resolve) =>
    httpGet(urlOf(task), { agent }, (r) => r.resume().on('end', resolve)),
  );
  expect(keptOpen).toBeUndefined();
  const killing = eventOf(task.id, 'TASK_KILLING');
  const killed = eventOf(task.id, 'TASK_KILLED');
  const slow = get(urlOf(task, '/slow?ms=2500'));
  await wait(50);
  await simulator.killTask(task.id);
  await killing;

  expect((await get(urlOf(task))).status).toBe(200);
  let ended = false;
  void killed.then(() => {
    ended = true;
  });
  await expect
    .poll(
      () =>
        get(urlOf(task)).then(
          () => 'open',
          () => 'closed',
        ),
      { timeout: 2000 },
    )
    .toBe('closed');
  expect(ended).toBe(false);
  expect((await slow).status).toBe(200);
  expect((await slow).headers.get('connection')).toBe('close');
  await killed;
  agent.destroy();
  await simulator.settled();
  expect(simulator.tasks('/web').map((each) => each.id)).not.toContain(task.id);
});

test('a task without notice breaks at once, and the event follows', async () => {
  const task = await createWeb();
  const failed = eventOf(task.id, 'TASK_FAILED');
  const slow = get(urlOf(task, '/slow?ms=5000'));
  slow.catch(() => {});
  await wait(50);
  await simulator.killTask(task.id, { notice: false });
  expect(simulator.tasks('/web')[0]).toMatchObject({ id: task.id, state: 'TASK_RUNNING' });
  await expect(slow).rejects.toThrow('fetch failed');
  await expect(get(urlOf(task))).rejects.toThrow('fetch failed');
  await failed;
  await simulator.settled();
  const [next] = simulator.tasks('/web');
  expect(next?.instanceId).toBe(task.instanceId);
  expect(next?.id).toBe(task.id.replace(/1$/, '2'));
  expect((await get(urlOf(next!))).headers.get('x-task')).toBe(next!.id);
});

test('a TCP task says its id and sends back what comes', async () => {
  await simulator.createApp({ id: '/tcp', healthChecks: [{ protocol: 'TCP' }] });
  await simulator.settled();
  const [task] = simulator.tasks('/tcp');
  const socket = connect(task!.ports[0]!, task!.agent).setEncoding('utf8');
  expect(await once(socket, 'data')).toEqual([`${task!.id}\n`]);
  socket.write('hello');
  expect(await once(socket, 'data')).toEqual(['hello']);
  socket.destroy();
});

test('bridge mode serves on the agent, container mode on an address of its own', async () => {
  await simulator.createApp({
    id: '/bridge',
    networks: [{ mode: 'container/bridge' }],
    container: { portMappings: [{ containerPort: 80 }, { containerPort: 8080, hostPort: 0 }] },
  });
  await simulator.createApp({
    id: '/overlay',
    networks: [{ mode: 'container', name: 'overlay' }],
    container: { portMappings: [{ containerPort: 8080 }, { containerPort: 9090, hostPort: 0 }] },
  });
  await simulator.settled();
  const [bridge] = simulator.tasks('/bridge');
  const [overlay] = simulator.tasks('/overlay');
  expect(bridge?.ports).toHaveLength(2);
  expect(bridge?.address).toMatch(/^172\.17\./);
  for (const port of bridge!.ports) {
    expect((await get(`http://${bridge!.agent}:${port}`)).headers.get('x-task')).toBe(bridge!.id);
  }
  expect(overlay?.ports).toHaveLength(1);
  for (const origin of [
    `${overlay!.address}:8080`,
    `${overlay!.address}:9090`,
    `${overlay!.agent}:${overlay!.ports[0]}`,
  ]) {
    expect((await get(`http://${origin}`)).headers.get('x-task')).toBe(overlay!.id);
  }
});

test('a lost agent serves no more, and again when it returns', async () => {
  const task = await createWeb(2);
  await simulator.loseAgent(task.agent);
  await expect(get(urlOf(task))).rejects.toThrow('fetch failed');
  expect(simulator.tasks('/web')[0]?.state).toBe('TASK_RUNNING');
  await simulator.restoreAgent(task.agent);
  await simulator.settled();
  expect((await get(urlOf(task))).headers.get('x-task')).toBe(task.id);
});

test('simulators side by side do not share agents', async () => {
  await using other = await createMarathonSimulator();
  expect(other.agents.filter((agent) => simulator.agents.includes(agent))).toEqual([]);
});
