import {
  compileEndpointSelector,
  type Endpoint,
  type PipelineTrace,
  type Selector,
  type Service,
  type TracedSet,
} from '@signalbox/core';
import type { Path } from '../config/tree.ts';

/** An endpoint that an entry matches. */
export interface MatchedEndpoint {
  readonly service: string;
  readonly name: string;
  readonly id: string;
  readonly address: string;
  readonly port: number;
  /** Whether it drains behind the transform. */
  readonly draining: boolean;
}

/** The endpoints that a drain transform at this place sees and a selector matches. */
export function findEndpoints(trace: PipelineTrace, path: Path, selector: Selector): readonly MatchedEndpoint[] {
  const matches = compileEndpointSelector(selector);
  const { before, after } = setsAround(trace, path);
  const results = new Map(after.map((service) => [service.id, service]));
  return before.flatMap((service) => {
    const { id: serviceId, name } = service;
    const behind = new Map(results.get(serviceId)?.endpoints.map((endpoint) => [endpoint.id, endpoint]));
    const describe = ({ id, address, port, draining = false }: Endpoint): MatchedEndpoint => ({
      service: serviceId,
      name,
      id,
      address,
      port,
      draining: behind.get(id)?.draining ?? draining,
    });
    return service.endpoints.filter((endpoint) => matches(endpoint, service)).map(describe);
  });
}

/** What goes into the transform at this place, and what comes out. */
function setsAround(
  { sources, transforms, sinks, catalog }: PipelineTrace,
  path: Path,
): { readonly before: readonly Service[]; readonly after: readonly Service[] } {
  const index = Number(path.at(-1));
  const [section, id = ''] = path;
  const around = (list: readonly TracedSet[], first: () => TracedSet) => ({
    before: (index === 0 ? first() : list[index - 1]) ?? [],
    after: list[index] ?? [],
  });
  const source = sources[id];
  if (section === 'sources' && source !== undefined) return around(source.transforms, () => source.inForce);
  const sink = sinks[id];
  if (section === 'sinks' && sink !== undefined) {
    return around(sink.transforms, () => [...(catalog?.services.values() ?? [])]);
  }
  return around(transforms, () =>
    Object.values(sources).flatMap(({ inForce, transforms: own }) => (own.length > 0 ? own.at(-1) : inForce) ?? []),
  );
}
