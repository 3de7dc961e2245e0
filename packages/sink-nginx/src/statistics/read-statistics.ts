import type {
  Catalog,
  CertificateStatistics,
  EndpointStatistics,
  Service,
  ServiceStatistics,
  SinkStatistics,
} from '@signalbox/core';
import { type LookUp, nameService, resolveHosts } from '@signalbox/sink-kit';
import { readCertificates } from '../certificates/read-copies.ts';
import type { Counts } from '../control/control-socket.ts';
import { serverNameOf } from '../desired/describe-servers.ts';
import { type Entries, parseUpstream, upstreamKey } from '../desired/entries.ts';
import { isSameMark, observe } from '../observed/look-at-target.ts';
import type { SinkState } from '../sink-state.ts';
import { readTargetNumbers } from './target-numbers.ts';
import { toTraffic } from './traffic.ts';

/** With tens of thousands of endpoints nginx gives way to requests in between. */
const answerTimeoutMs = 30_000;

/**
 * What runs, and what it counted. Requests are counted in Lua mode alone, and not those of TCP and UDP services.
 *
 * @throws {SinkError} SINK_UNREACHABLE, SINK_REFUSED when nginx cannot be asked.
 */
export async function readStatistics(state: SinkState, catalog: Catalog, signal: AbortSignal): Promise<SinkStatistics> {
  const options = { signal, timeoutMs: answerTimeoutMs };
  const told = await state.control.readState(options);
  const mark = { hash: told.hash, generation: told.generation };
  const { known } = state;
  const entries =
    known !== undefined && isSameMark(known.mark, mark) ? known.entries : (await observe(state, mark, signal)).entries;
  const lookUp = await resolveHosts(catalog, signal);
  const served = [...catalog.services.values()].flatMap((service) => findServed(service, entries, lookUp) ?? []);
  const names = mark.generation === undefined ? [] : served.flatMap(namesOf);
  const counts = names.length === 0 ? [] : await state.control.readCounts(names, options);
  const countsOf = new Map(names.map((name, index) => [name, counts[index]]));
  const connections = await state.control.readConnections(options);
  return {
    services: new Map(served.map((each) => [each.id, toStatistics(each, countsOf)])),
    target: await readTargetNumbers(state.settings, told, connections),
    ...(state.certificates !== undefined && { certificates: describeCertificates(state, entries) }),
  };
}

/** A service that nginx has, with those of its endpoints that it has. */
interface Served {
  readonly id: string;
  readonly key: string;
  readonly isCounted: boolean;
  readonly endpoints: readonly { readonly id: string; readonly key: string; readonly draining: boolean }[];
}

function findServed(service: Service, entries: Entries, lookUp: LookUp): Served | undefined {
  const key = upstreamKey(nameService(service.id));
  const upstream = parseUpstream(entries.get(key) ?? '');
  if (upstream === undefined) return undefined;
  const servers = new Map(upstream.servers.map((server) => [server.name, server]));
  const endpoints = service.endpoints.flatMap((endpoint) => {
    const name = serverNameOf(endpoint, lookUp);
    const server = servers.get(name ?? '');
    if (server === undefined) return [];
    const draining = server.draining === true || server.weight === 0;
    return [{ id: endpoint.id, key: `${key}/${server.name}`, draining }];
  });
  return { id: service.id, key, isCounted: upstream.protocol === 'http', endpoints };
}

function namesOf({ key, isCounted, endpoints }: Served): readonly string[] {
  return isCounted ? [key, ...endpoints.map((endpoint) => endpoint.key)] : [];
}

function toStatistics(
  { key, endpoints }: Served,
  countsOf: ReadonlyMap<string, Counts | undefined>,
): ServiceStatistics {
  let active = 0;
  const counted = new Map<string, EndpointStatistics>();
  for (const endpoint of endpoints) {
    const counts = countsOf.get(endpoint.key);
    active += counts?.active ?? 0;
    // Nobody asks it how it is: it is down while requests pass it over.
    const state = endpoint.draining ? 'draining' : counts?.isDown === true ? 'down' : 'unchecked';
    counted.set(endpoint.id, { ...toTraffic(counts), state });
  }
  const counts = countsOf.get(key);
  return { ...toTraffic(counts && { ...counts, active }), endpoints: counted };
}

/** What runs, and not what should be in force: a renewal that did not get through shows here. */
function describeCertificates(
  { certificates: store, settings }: SinkState,
  entries: Entries,
): readonly CertificateStatistics[] {
  return [...readCertificates(entries, settings.runDirectory).values()].map(
    ({ name, source, hostnames, notBeforeMs, notAfterMs }) => ({
      source: store?.certificates.get(name)?.source ?? source,
      hostnames,
      notBeforeMs,
      notAfterMs,
    }),
  );
}
