import { expect, it } from 'vitest';
import { makeEndpoint, makeService } from '../../test/support/services.ts';
import { haproxyOptions } from '../options.ts';
import { toSettings } from '../settings.ts';
import { describeService } from './describe-service.ts';

const settings = toSettings(haproxyOptions.parse({ config: '/etc/haproxy/haproxy.cfg' }));
const noNames = (): undefined => undefined;
const service = makeService('mesos:/shop#0', { port: 8_000, endpoints: [makeEndpoint(1), makeEndpoint(2)] });
const [first, second] = [service.endpoints[0]!, service.endpoints[1]!];

it('a service of which only endpoints changed keeps its structure, and the servers of the others', () => {
  const before = describeService(service, settings, noNames);
  const changed = { ...structuredClone(service), endpoints: [second, makeEndpoint(3)] };
  const after = describeService(changed, settings, noNames, before);
  expect(after.structure).toBe(before.structure);
  expect(after).toEqual(describeService(changed, settings, noNames));
  const [ofFirst, ofSecond] = [first, second].map(({ port }) =>
    [...before.backend!.servers.values()].find((server) => server.port === port),
  );
  expect(after.backend?.servers.get(ofSecond!.name)).toBe(ofSecond);
  expect(after.backend?.servers.has(ofFirst!.name)).toBe(false);
});

it('an endpoint that changed in its place is described as if it were new', () => {
  const before = describeService(service, settings, noNames);
  const changes = [
    { weight: 7 },
    { weight: 300 },
    { health: 'unhealthy' },
    { draining: true },
    { backup: true },
    { id: 'other' },
    { address: '127.0.0.9' },
    { port: 9 },
  ] as const;
  for (const change of changes) {
    const changed = { ...service, endpoints: [{ ...first, ...change }, second] };
    const after = describeService(changed, settings, noNames, before);
    expect(after).toEqual(describeService(structuredClone(changed), settings, noNames));
    expect(after.backend).not.toEqual(before.backend);
    // And once more, from what was just described.
    const again = { ...changed, endpoints: [{ ...changed.endpoints[0]!, weight: 9 }, second] };
    expect(describeService(again, settings, noNames, after)).toEqual(
      describeService(structuredClone(again), settings, noNames),
    );
  }
});

it('anything else that changed is described anew', () => {
  const before = describeService(service, settings, noNames);
  const moved = { ...service, port: 8_001 };
  expect(describeService(moved, settings, noNames, before)).toEqual(describeService(moved, settings, noNames));
  const udp = { ...service, protocol: 'udp' as const };
  expect(describeService(udp, settings, noNames, before).backend).toBeUndefined();
});

it('an endpoint with a host name goes where the name leads now', () => {
  const named = makeService('mesos:/shop#0', { endpoints: [makeEndpoint(1, { address: 'shop.test' })] });
  const addresses = ['10.0.0.1', '10.0.0.2'].map((address) => {
    const { backend, hosts } = describeService(named, settings, () => address);
    expect(hosts).toEqual(new Map([['shop.test', address]]));
    return [...backend!.servers.values()].map((server) => server.address);
  });
  expect(addresses).toEqual([['10.0.0.1'], ['10.0.0.2']]);
  expect(describeService(named, settings, noNames).warnings).toHaveLength(1);
});
