import { dirname, resolve } from 'node:path';
import { messageOf, type Service, sourceIdOf } from '@signalbox/core';
import { suggest } from '../config/suggest.ts';
import type { Path } from '../config/tree.ts';
import type { Mismatch } from './compare-data.ts';
import { readServices, type Scenario, type ScenarioFile } from './scenario-file.ts';
import type { PartialEndpoint, PartialService } from './service-schema.ts';

export interface GivenServices {
  /** By the id of the source. */
  readonly bySource: ReadonlyMap<string, readonly Service[]>;
  readonly problems: readonly Mismatch[];
}

/** What the sources of a scenario say, with defaults for what it leaves out. */
export async function collectServices(
  { given }: Scenario,
  file: ScenarioFile,
  path: Path,
  sourceIds: readonly string[],
): Promise<GivenServices> {
  const problems: Mismatch[] = [];
  const bySource = new Map<string, Service[]>();
  const add = (service: PartialService, place: Path): void => {
    const { id = '' } = service;
    const source = sourceIdOf(id);
    if (id === '' || !sourceIds.includes(source)) {
      problems.push({ path: id === '' ? place : [...place, 'id'], message: adviseOnId(id, source, sourceIds) });
      return;
    }
    bySource.set(source, [...(bySource.get(source) ?? []), complete(service, id)]);
  };
  for (const [index, service] of (given.services ?? []).entries()) add(service, [...path, 'services', index]);
  for (const [index, name] of (given.files ?? []).entries()) {
    const place = [...path, 'files', index];
    try {
      for (const service of await readServices(resolve(dirname(file.file), name))) add(service, place);
    } catch (error) {
      problems.push({ path: place, message: messageOf(error) });
    }
  }
  return { bySource, problems };
}

function complete({ endpoints = [], ...service }: PartialService, id: string): Service {
  const name = id.slice(id.indexOf(':') + 1).replace(/#[^#]*$/, '');
  return { name, protocol: 'tcp', labels: {}, ...service, id, endpoints: endpoints.map(completeEndpoint) } as Service;
}

function completeEndpoint(given: string | PartialEndpoint): PartialEndpoint {
  const endpoint = typeof given === 'string' ? parseAddress(given) : given;
  const { address, port } = endpoint;
  return { id: `${address}:${port}`, health: 'healthy', ...endpoint };
}

/** `10.0.0.1:8080`, `[2001:db8::1]:8080`. What is no such thing is refused by the pipeline. */
export function parseAddress(text: string): PartialEndpoint {
  const [, address = text, port] = /^(.*):(\d+)$/.exec(text) ?? [];
  const bare = address.replace(/^\[(.*)\]$/, '$1');
  return { address: bare, ...(port !== undefined && { port: Number(port) }) };
}

function adviseOnId(id: string, source: string, sourceIds: readonly string[]): string {
  if (id === '') return 'a service without an id';
  const meant = suggest(source, sourceIds);
  const advice = meant === undefined ? `known sources: ${sourceIds.join(', ')}` : `did you mean "${meant}"?`;
  return `no source is called "${source}"; ${advice}`;
}
