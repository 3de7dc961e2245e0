import { type Catalog, isEqualData, type Service, type Warning } from '@signalbox/core';
import { inQuotes, oneLine } from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';
import { describeService, type ServiceUnit } from './describe-service.ts';
import type { LookUp } from './endpoint-place.ts';
import { type Exposure, expose } from './exposure.ts';
import type { Backend, Desired } from './model.ts';

export interface DesiredInputs {
  readonly lookUp: LookUp;
  /** Ports that another process holds. A new object when it changed. */
  readonly occupiedPorts: ReadonlySet<number>;
  /** Services that HAProxy's own check refused, with its words. A new object when it changed. */
  readonly refused: ReadonlyMap<Service, string>;
  /** Names of the certificates of listeners with TLS. A new object when it changed. */
  readonly certificates: ReadonlySet<string>;
}

export interface DesiredUpdate {
  readonly desired: Desired;
  /** Backends that may differ from the last update, by name, removed ones included. */
  readonly touched: ReadonlySet<string>;
}

/** Keeps the desired state in step with the catalog, at the cost of what changed: a service that is the same object is not looked at. */
export interface DesiredState {
  update(catalog: Catalog, inputs: DesiredInputs): DesiredUpdate;
}

export function createDesiredState(settings: Settings): DesiredState {
  const reservedPorts = new Set(settings.listeners.map(({ port }) => port));
  const portRanges = settings.servicePorts ? settings.portRanges : [];
  let units = new Map<string, ServiceUnit>();
  let backends = new Map<string, Backend>();
  let exposure: Exposure | undefined;
  let lastInputs: DesiredInputs | undefined;
  let structureVersion = 0;
  const warnings = new Map<string, readonly Warning[]>();
  /** Certificates that services ask for. */
  const wishes = new Map<string, readonly string[]>();

  const rebuild = (catalog: Catalog, inputs: DesiredInputs): void => {
    // In the catalog's order, which is by id: the lowest id keeps a contested port.
    const ordered = new Map<string, ServiceUnit>();
    for (const id of catalog.services.keys()) {
      const unit = units.get(id);
      if (unit !== undefined) ordered.set(id, unit);
    }
    units = ordered;
    backends = new Map();
    const refusals: Warning[] = [];
    const served: ServiceUnit[] = [];
    for (const unit of units.values()) {
      const { backend, service } = unit;
      if (backend === undefined) continue;
      const words = inputs.refused.get(service);
      if (words !== undefined) {
        refusals.push({ message: `left out, HAProxy refuses it: ${oneLine(words)}`, service: service.id });
      } else if (backends.has(backend.name)) {
        refusals.push({ message: `left out: its backend name ${backend.name} is taken`, service: service.id });
      } else {
        backends.set(backend.name, backend);
        served.push(unit);
      }
    }
    backends = new Map([...backends].sort(([left], [right]) => (left < right ? -1 : 1)));
    const exposed = expose(served, { reservedPorts, occupiedPorts: inputs.occupiedPorts, portRanges });
    exposure = { ...exposed, warnings: [...refusals, ...exposed.warnings] };
    structureVersion += 1;
  };

  return {
    update(catalog, inputs) {
      const touched = new Set<string>();
      let restructured =
        lastInputs?.occupiedPorts !== inputs.occupiedPorts ||
        lastInputs.refused !== inputs.refused ||
        exposure === undefined ||
        (lastInputs.certificates.size === 0) !== (inputs.certificates.size === 0);
      lastInputs = inputs;
      // Both are in the same order as long as no service came or went: then 10,000 unchanged services cost less than a millisecond.
      const known = units.values();
      for (const [id, service] of catalog.services) {
        const expected: ServiceUnit | undefined = known.next().value;
        const before = expected?.service.id === id ? expected : units.get(id);
        if (before?.service === service && hasSameHosts(before, inputs.lookUp)) continue;
        const after = describeService(service, settings, inputs.lookUp, before);
        units.set(id, after);
        if (after.certificates.length > 0) wishes.set(id, after.certificates);
        else wishes.delete(id);
        if (after.warnings.length > 0) warnings.set(id, after.warnings);
        else warnings.delete(id);
        if (before?.backend !== undefined) touched.add(before.backend.name);
        if (after.backend !== undefined) touched.add(after.backend.name);
        if (before === undefined || !hasSameStructure(before, after)) restructured = true;
        else if (after.backend !== undefined && backends.has(after.backend.name)) {
          backends.set(after.backend.name, after.backend);
        }
        // A service that was refused is tried again once it changed.
        if (before !== undefined && inputs.refused.has(before.service)) restructured = true;
      }
      if (units.size !== catalog.services.size) {
        for (const [id, { backend }] of units) {
          if (catalog.services.has(id)) continue;
          if (backend !== undefined) touched.add(backend.name);
          warnings.delete(id);
          wishes.delete(id);
        }
        restructured = true;
      }
      if (restructured || exposure === undefined) rebuild(catalog, inputs);
      const {
        ports,
        wildcardLabels,
        maps,
        rules,
        filters,
        warnings: exposed,
      } = exposure ?? expose([], { reservedPorts, occupiedPorts: new Set(), portRanges });
      return {
        desired: {
          backends,
          ports,
          wildcardLabels,
          maps,
          rules,
          filters,
          passthrough: maps.sni.size > 0,
          hasCertificates: inputs.certificates.size > 0,
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
  certificates: ReadonlySet<string>,
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

function hasSameHosts({ hosts }: ServiceUnit, lookUp: LookUp): boolean {
  if (hosts.size === 0) return true;
  for (const [hostname, address] of hosts) {
    if (lookUp(hostname) !== address) return false;
  }
  return true;
}

function hasSameStructure({ structure: before }: ServiceUnit, { structure: after }: ServiceUnit): boolean {
  return before === after || isEqualData(before, after);
}
