import type { Endpoint, Service } from '@signalbox/core';

export { summaries, sync, syncOnce } from '@signalbox/testkit/proxy';

export function makeService(id: string, fields: Partial<Service> = {}): Service {
  return { id, name: id, protocol: 'tcp', appProtocol: 'http', endpoints: [], labels: {}, ...fields };
}

export function makeEndpoint(port: number, fields: Partial<Endpoint> = {}): Endpoint {
  return { id: `task-${port}`, address: '127.0.0.1', port, health: 'healthy', ...fields };
}
