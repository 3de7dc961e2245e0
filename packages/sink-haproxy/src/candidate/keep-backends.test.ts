import { expect, it } from 'vitest';
import { noInputs } from '../../test/support/inputs.ts';
import { createDesiredState } from '../desired/desired-state.ts';
import { backendName } from '../desired/names.ts';
import { haproxyOptions } from '../options.ts';
import { toSettings } from '../settings.ts';
import { keepBackends } from './keep-backends.ts';

it('keeps these backends and what leads to them, and nothing that leads to others', () => {
  const listeners = [{ address: '127.0.0.1', port: 80, protocol: 'http' }];
  const settings = toSettings(haproxyOptions.parse({ config: '/nowhere/haproxy.cfg', listeners }));
  const services = ['one', 'two'].map((name, index) => ({
    id: `test:/${name}#0`,
    name,
    protocol: 'tcp' as const,
    appProtocol: 'http' as const,
    port: 10_000 + index,
    endpoints: [],
    labels: {},
    routes: [{ hostnames: [`${name}.example.com`] }, { hostnames: [`${name}.example.com`], methods: ['GET'] }],
  }));
  const catalog = { version: 1, services: new Map(services.map((service) => [service.id, service])) };
  const { desired } = createDesiredState(settings).update(catalog, noInputs);
  const backend = desired.backends.get(backendName('test:/one#0'));
  expect(backend).toBeDefined();
  const kept = keepBackends(desired, backend === undefined ? [] : [backend]);
  expect([...kept.backends.keys()]).toEqual([backendName('test:/one#0')]);
  expect(kept.ports.http).toEqual([10_000]);
  expect(kept.rules.map((rule) => rule.backend)).toEqual([backendName('test:/one#0')]);
  const names = [...kept.maps.route.keys(), ...kept.maps.port.keys()];
  expect(names).toEqual(['one.example.com/', '10000']);
  expect(desired.maps.route.size).toBe(2);
});
