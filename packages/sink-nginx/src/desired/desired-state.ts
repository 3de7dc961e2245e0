import { type Catalog, isEqualData, type Service, type Warning } from '@signalbox/core';
import { type Certificate, inQuotes, oneLine } from '@signalbox/sink-kit';
import { showCertificates } from '../certificates/certificates-by-host.ts';
import type { Settings } from '../settings.ts';
import { type Abilities, describeService, type ServiceUnit } from './describe-service.ts';
import { type Exposure, expose } from './exposure.ts';
import type { Desired, Upstream } from './model.ts';

export interface DesiredInputs {
  readonly abilities: Abilities;
  readonly lookUp: (hostname: string) => string | undefined;
  /** Ports that another process holds. A new object when it changed. */
  readonly occupiedPorts: ReadonlySet<number>;
  /** Those of listeners with TLS. A new object when one came, went or changed. */
  readonly certificates: ReadonlyMap<string, Certificate>;
  /** Services that nginx's own check refused, with its words. A new object when it changed. */
  readonly refused: ReadonlyMap<Service, string>;
}

export interface DesiredUpdate {
  readonly desired: Desired;
  /** Upstreams that may differ from the last update, by name, removed ones included. */
  readonly touched: ReadonlySet<string>;
}

/** Keeps the desired state in step with the catalog, at the cost of what changed: a service that is the same object is not looked at. */
export interface DesiredState {
  update(catalog: Catalog, inputs: DesiredInputs): DesiredUpdate;
}

const nothing: Exposure = {
  hosts: new Map(),
  ports: { http: new Map(), tcp: new Map(), udp: new Map() },
  warnings: [],
};

export function createDesiredState(settings: Settings): DesiredState {
  const reservedPorts = new Set(settings.listeners.map(({ port }) => port));
  let units = new Map<string, ServiceUnit>();
  let upstreams = new Map<string, Upstream>();
  let exposure: Exposure | undefined;
  let lastInputs: DesiredInputs | undefined;
  let structureVersion = 0;
  const warnings = new Map<string, readonly Warning[]>();
  /** Names of certificates by the id of the service whose routes ask for them. */
  const wishes = new Map<string, readonly string[]>();

  const rebuild = (catalog: Catalog, inputs: DesiredInputs): void => {
    // In the catalog's order, which is by id: the lowest id keeps a contested port.
    const ordered = new Map<string, ServiceUnit>();
    for (const id of catalog.services.keys()) {
      const unit = units.get(id);
      if (unit !== undefined) ordered.set(id, unit);
    }
    units = ordered;
    const taken = new Map<string, Upstream>();
    const refusals: Warning[] = [];
    const served: ServiceUnit[] = [];
    for (const unit of units.values()) {
      const { upstream, service } = unit;
      if (upstream === undefined) continue;
      const words = inputs.refused.get(service);
      if (words !== undefined) {
        refusals.push({ message: `left out, nginx refuses it: ${oneLine(words)}`, service: service.id });
      } else if (taken.has(upstream.name)) {
        refusals.push({ message: `left out: its name ${upstream.name} is taken`, service: service.id });
      } else {
        taken.set(upstream.name, upstream);
        served.push(unit);
      }
    }
    upstreams = new Map([...taken].sort(([left], [right]) => (left < right ? -1 : 1)));
    const exposed = expose(served, { reservedPorts, occupiedPorts: inputs.occupiedPorts });
    exposure = { ...exposed, warnings: [...refusals, ...exposed.warnings] };
    structureVersion += 1;
  };

  return {
    update(catalog, inputs) {
      const options = { settings, abilities: inputs.abilities, lookUp: inputs.lookUp };
      const touched = new Set<string>();
      let restructured =
        lastInputs?.occupiedPorts !== inputs.occupiedPorts ||
        lastInputs.refused !== inputs.refused ||
        exposure === undefined;
      lastInputs = inputs;
      // Both are in the same order as long as no service came or went: then 10,000 unchanged services cost less than a millisecond.
      const known = units.values();
      for (const [id, service] of catalog.services) {
        const expected: ServiceUnit | undefined = known.next().value;
        const before = expected?.service.id === id ? expected : units.get(id);
        if (before?.service === service && hasSameHosts(before, inputs)) continue;
        const after = describeService(service, options);
        units.set(id, after);
        if (after.warnings.length > 0) warnings.set(id, after.warnings);
        else warnings.delete(id);
        if (after.certificates.length > 0) wishes.set(id, after.certificates);
        else wishes.delete(id);
        if (before?.upstream !== undefined) touched.add(before.upstream.name);
        if (after.upstream !== undefined) touched.add(after.upstream.name);
        if (before === undefined || !hasSameStructure(before, after)) restructured = true;
        else if (after.upstream !== undefined && upstreams.has(after.upstream.name)) {
          upstreams.set(after.upstream.name, after.upstream);
        }
        // A service that was refused is tried again once it changed.
        if (before !== undefined && inputs.refused.has(before.service)) restructured = true;
      }
      if (units.size !== catalog.services.size) {
        for (const [id, { upstream }] of units) {
          if (catalog.services.has(id)) continue;
          if (upstream !== undefined) touched.add(upstream.name);
          warnings.delete(id);
          wishes.delete(id);
        }
        restructured = true;
      }
      if (restructured) rebuild(catalog, inputs);
      const { hosts, ports, warnings: exposed } = exposure ?? nothing;
      return {
        desired: {
          upstreams,
          hosts,
          ports,
          certificates: showCertificates(inputs.certificates, settings.certificates?.default),
          warnings: [...[...warnings.values()].flat(), ...exposed, ...missingCertificates(wishes, inputs.certificates)],
          structureVersion,
        },
        touched,
      };
    },
  };
}

/** The route stays: its clients are shown the certificate that fits their name best, or the default, rather than nothing. */
function missingCertificates(
  wishes: ReadonlyMap<string, readonly string[]>,
  certificates: ReadonlyMap<string, Certificate>,
): readonly Warning[] {
  const missing: Warning[] = [];
  for (const [service, names] of wishes) {
    for (const name of names) {
      if (certificates.has(name)) continue;
      missing.push({ message: `a route asks for the certificate ${inQuotes(name)}, and there is none`, service });
    }
  }
  return missing;
}

function hasSameHosts({ hosts }: ServiceUnit, { lookUp }: DesiredInputs): boolean {
  for (const [hostname, address] of hosts) if (lookUp(hostname) !== address) return false;
  return true;
}

function hasSameStructure(before: ServiceUnit, after: ServiceUnit): boolean {
  if (before.port !== after.port || !isEqualData(before.claims, after.claims)) return false;
  if (before.upstream === undefined || after.upstream === undefined) return before.upstream === after.upstream;
  return (
    before.upstream.name === after.upstream.name &&
    before.upstream.protocol === after.upstream.protocol &&
    isEqualData(before.upstream.policy, after.upstream.policy)
  );
}
