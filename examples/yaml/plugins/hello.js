import { defineSource } from '@signalbox/core';
import { z } from 'zod';

export default defineSource({
  type: 'hello',
  description: 'One service that never changes.',
  options: z.strictObject({ port: z.int().meta({ description: 'Where it listens.' }) }),
  create: ({ port }) => ({
    async *watch({ id, signal }) {
      const endpoints = [{ id: '1', address: '127.0.0.1', port, health: 'unknown' }];
      yield [{ id: `${id}:hello#0`, name: 'hello', protocol: 'tcp', port: 10_000, endpoints, labels: {} }];
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  }),
});
