import { defineSink } from '@signalbox/core';
import type { SinkHarness } from '../../src/contracts/sink/sink-harness.ts';
import { service } from '../../src/data/service.ts';
import type { MemorySink } from '../../src/doubles/memory-sink.ts';
import { strictSchema } from './strict-schema.ts';

/** Several sinks of one contract case have to see one target: each is a view of the same memory sink. */
export function memoryHarness(createSink: () => MemorySink): SinkHarness<object> {
  let memory = createSink();
  const plugin = defineSink<object, object>({
    type: 'memory',
    description: 'Keeps services in memory.',
    options: strictSchema<object>({}),
    create: () => ({ plan: (catalog, context) => memory.plan(catalog, context) }),
  });
  return {
    plugin,
    packageType: 'memory',
    load: async () => ({ default: plugin }),
    async start() {
      memory = createSink();
      return {
        options: {},
        fingerprint: async () => JSON.stringify([...memory.services]),
        tamper: async () => memory.tamper('other:/hand#0', service('/hand', { source: 'other' })),
        serves: async ({ id }) => memory.services.has(id),
        stop: async () => {},
      };
    },
  };
}
