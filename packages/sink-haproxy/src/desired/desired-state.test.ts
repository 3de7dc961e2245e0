import type { Catalog, Service } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haproxyOptions } from '../options.ts';
import { toSettings } from '../settings.ts';
import { createDesiredState, type DesiredInputs } from './desired-state.ts';
import { backendName } from './names.ts';

const settings = toSettings(haproxyOptions.parse({ config: '/x/haproxy.cfg' }));
const ids = ['a', 'b', 'c', 'd', 'e'].map((name) => `mesos:/${name}#0`);

/** Which services there are, how many endpoints each has, and where the host `node.test` is. */
interface Step {
  readonly sizes: readonly number[];
  readonly node: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  sizes: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: ids.length, maxLength: ids.length }),
  node: fc.constantFrom('10.0.0.1', '10.0.0.2'),
});

/** A size below 0 leaves the service out; the last one has a host name. */
function toServices({ sizes }: Step): Map<string, Service> {
  const services = new Map<string, Service>();
  for (const [index, id] of ids.entries()) {
    const size = sizes[index] ?? 0;
    if (size < 0) continue;
    const address = index === ids.length - 1 ? 'node.test' : '127.0.0.1';
    const endpoints = Array.from({ length: size }, (_, task) => ({
      id: `task-${task}`,
      address,
      port: 20_000 + task,
      health: 'healthy' as const,
    }));
    services.set(id, { id, name: id, protocol: 'tcp', port: 10_000 + index, labels: {}, endpoints });
  }
  return services;
}

const common = {
  occupiedPorts: new Set<number>(),
  refused: new Map(),
  certificates: new Set<string>(),
  clientAuthorities: new Map(),
};

function inputsOf({ node }: Step): DesiredInputs {
  return { ...common, lookUp: (hostname) => (hostname === 'node.test' ? node : undefined) };
}

describe('the desired state that follows a catalog', () => {
  it('is at every step what it is from nothing, and names the backends that differ', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const following = createDesiredState(settings);
        let last = new Map<string, Service>();
        let lastBackends: ReadonlyMap<string, unknown> = new Map();
        for (const [index, current] of steps.entries()) {
          const services = toServices(current);
          // As the runtime hands them on: what is equal to before is the same object.
          for (const [id, service] of services) {
            const before = last.get(id);
            if (before?.endpoints.length === service.endpoints.length) services.set(id, before);
          }
          last = services;
          const catalog: Catalog = { version: index + 1, services };
          const { desired, touched } = following.update(catalog, inputsOf(current));
          const fresh = createDesiredState(settings).update(catalog, inputsOf(current)).desired;
          expect({ ...desired, structureVersion: 0 }).toEqual({ ...fresh, structureVersion: 0 });
          const names = new Set([...desired.backends.keys(), ...lastBackends.keys()]);
          for (const name of names) {
            if (desired.backends.get(name) !== lastBackends.get(name)) expect(touched).toContain(name);
          }
          lastBackends = new Map(desired.backends);
        }
      }),
    );
  });

  it('takes a service that changed, and leaves the others as they were', () => {
    const state = createDesiredState(settings);
    const first = toServices({ sizes: [1, 1, 1, 1, 1], node: '10.0.0.1' });
    const inputs = inputsOf({ sizes: [], node: '10.0.0.1' });
    const before = new Map(state.update({ version: 1, services: first }, inputs).desired.backends);
    const [changed = ''] = ids;
    const second = new Map(first);
    second.set(changed, toServices({ sizes: [2], node: '' }).get(changed)!);
    const { desired, touched } = state.update({ version: 2, services: second }, inputs);
    expect(touched).toEqual(new Set([backendName(changed)]));
    expect(desired.backends.get(backendName(changed))?.servers.size).toBe(2);
    for (const id of ids.slice(1)) expect(desired.backends.get(backendName(id))).toBe(before.get(backendName(id)));
  });
});
