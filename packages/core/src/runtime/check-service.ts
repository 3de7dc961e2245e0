import { PipelineError } from '../errors/pipeline-error.ts';

/**
 * Refuses what is not a service at all, before it comes into force and breaks whoever reads it. Types cannot help here:
 * plugins are loaded by name, and may be written in JavaScript.
 * @throws {PipelineError} `PLUGIN_CONTRACT`
 */
export function checkService(value: unknown): void {
  const service = recordOf(value);
  if (service === undefined) throw broken(`something that is not a service: ${typeof value}`);
  const { id, name, protocol, endpoints, labels } = service;
  if (typeof id !== 'string' || id === '') throw broken('a service without an id');
  const wrong = (what: string): PipelineError => broken(`the service "${id}" ${what}`);
  if (typeof name !== 'string') throw wrong('without a name');
  if (protocol !== 'tcp' && protocol !== 'udp') throw wrong('with a protocol that is neither tcp nor udp');
  if (recordOf(labels) === undefined) throw wrong('without labels');
  if (!Array.isArray(endpoints)) throw wrong('without a list of endpoints');
  if (!endpoints.every(isEndpoint)) throw wrong('with an endpoint that lacks an id, an address or a port');
}

function isEndpoint(value: unknown): boolean {
  const endpoint = recordOf(value);
  if (endpoint === undefined) return false;
  const { id, address, port } = endpoint;
  return typeof id === 'string' && typeof address === 'string' && Number.isInteger(port);
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function broken(what: string): PipelineError {
  return new PipelineError(`the plugin gave ${what}`, {
    code: 'PLUGIN_CONTRACT',
    hint: 'test the plugin with the contract suite of @signalbox/testkit',
  });
}
