import { expect, test } from 'vitest';
import type { AppDefinition } from '../cluster/definition.ts';
import { createMarathonSimulator } from '../simulator.ts';
import { findDialect } from './find-dialect.ts';
import type { Any } from './testing/shape.ts';

const read = (definition: unknown, dialect: '0.8' | '1.1' | '1.4' | '1.5' = '1.5') =>
  findDialect(dialect).rules.readDefinition({ id: '/web', ...(definition as object) } as AppDefinition);

test('ports become port definitions', () => {
  expect(read({ ports: [0, 9000] })).toEqual({ id: '/web', portDefinitions: [{ port: 0 }, { port: 9000 }] });
});

test.each([
  ['BRIDGE', [{ mode: 'container/bridge' }]],
  ['HOST', [{ mode: 'host' }]],
])('the Docker network %s becomes %j', (network, networks) => {
  const portMappings = [{ containerPort: 80 }];
  const container = { type: 'DOCKER', docker: { image: 'nginx', network, portMappings } };
  expect(read({ container })).toMatchObject({
    networks,
    container: { type: 'DOCKER', docker: { image: 'nginx' }, portMappings },
  });
});

test('an IP per task becomes a container network, and what it announces its mappings', () => {
  const ports = [{ number: 80, name: 'http', protocol: 'tcp', labels: {} }];
  expect(read({ ipAddress: { networkName: 'dcos', discovery: { ports } } }, '1.4')).toEqual({
    id: '/web',
    networks: [{ mode: 'container', name: 'dcos' }],
    container: { portMappings: [{ containerPort: 80, name: 'http', protocol: 'tcp', labels: {} }] },
  });
});

test('the port that is added to an app without ports has a name from 1.5 on', () => {
  expect(read({})).toEqual({ id: '/web' });
  expect(read({}, '1.4')).toEqual({ id: '/web', portDefinitions: [{ port: 0 }] });
});

test('readiness is unknown to 0.8, which ignores it', () => {
  const readinessChecks = [{ path: '/' }];
  expect(read({ readinessChecks }, '0.8')).not.toHaveProperty('readinessChecks');
  expect(read({ readinessChecks }, '1.1')).toHaveProperty('readinessChecks');
});

test('an app is changed in the old form, too, and is restarted only by what is new in it', async () => {
  await using simulator = await createMarathonSimulator({ dialect: '1.4', liveTasks: false });
  const put = (body: object) =>
    fetch(`${simulator.urls[0]}/v2/apps/web`, { method: 'PUT', body: JSON.stringify(body) }).then(() =>
      simulator.settled(),
    );
  await simulator.createApp({ id: '/web', ports: [9000] });
  await simulator.settled();
  const [first] = simulator.tasks();
  await put({ ports: [9000] });
  expect(simulator.tasks()[0]!.id).toBe(first!.id);
  await put({ ports: [9000, 9001] });
  const [second] = simulator.tasks();
  expect(second!.id).not.toBe(first!.id);
  expect(second!.ports).toHaveLength(2);
  const { app } = (await (await fetch(`${simulator.urls[0]}/v2/apps/web`)).json()) as Any;
  expect(app.ports).toEqual([9000, 9001]);
});

test('a task with an IP of its own has no ports on its agent, and serves at its address', async () => {
  await using simulator = await createMarathonSimulator({ dialect: '1.1' });
  const ipAddress = { discovery: { ports: [{ number: 18_090, name: 'http', protocol: 'tcp' }] } };
  await simulator.createApp({ id: '/own', ipAddress });
  await simulator.settled();
  const [task] = simulator.tasks();
  expect(task!.ports).toEqual([]);
  const answer = await fetch(`http://${task!.address}:18090/`);
  expect(await answer.json()).toMatchObject({ app: '/own', task: task!.id });
});
