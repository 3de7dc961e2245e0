import { expect, test } from 'vitest';
import type { Any } from '../dialects/testing/shape.ts';
import { createMarathonSimulator } from '../simulator.ts';

test('endpoints are served on their host ports, and on the address of the instance', async () => {
  await using simulator = await createMarathonSimulator({ timing: { drainMs: 10, lingerMs: 5 } });
  await simulator.createPod({
    id: '/host',
    containers: [
      { name: 'app', endpoints: [{ name: 'http', hostPort: 0 }, { name: 'internal' }] },
      { name: 'side', endpoints: [{ name: 'metrics', hostPort: 0 }] },
    ],
  });
  await simulator.createPod({
    id: '/overlay',
    networks: [{ name: 'dcos' }],
    containers: [{ name: 'app', endpoints: [{ name: 'api', containerPort: 18_080 }] }],
  });
  await simulator.settled();
  const statuses = (await (await fetch(`${simulator.urls[0]}/v2/pods/::status`)).json()) as Any[];
  const [host, overlay] = statuses.map(({ instances }) => instances[0]);
  const places: string[] = [];
  for (const { endpoints } of host.containers) {
    for (const { allocatedHostPort } of endpoints) {
      if (allocatedHostPort !== undefined) places.push(`${host.agentHostname}:${allocatedHostPort}`);
    }
  }
  expect(places).toHaveLength(2);
  for (const place of places) {
    expect(await (await fetch(`http://${place}/`)).json()).toMatchObject({ app: '/host', task: host.id });
  }
  const [{ name, addresses }] = overlay.networks;
  expect(name).toBe('dcos');
  expect(await (await fetch(`http://${addresses[0]}:18080/`)).json()).toMatchObject({ app: '/overlay' });
  await simulator.deletePod('/host');
  await simulator.settled();
  await expect(fetch(`http://${places[0]}/`)).rejects.toThrow();
});
