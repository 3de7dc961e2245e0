import type { Catalog, Service, Warning } from '@signalbox/core';
import type { RefusedServices } from '../candidate/refused-services.ts';
import { inQuotes, oneLine } from '../text/one-line.ts';

/** Gives the IP address of a host name, or undefined when it is unknown. */
export type LookUp = (hostname: string) => string | undefined;

/** One service in the terms of a proxy, before it competes with others for ports and routes. */
export interface ServiceUnit {
  readonly service: Service;
  /** Names of certificates that it asks for. */
  readonly certificates: readonly string[];
  readonly warnings: readonly Warning[];
  /** Host names of endpoints with the addresses used: the unit is stale once they resolve otherwise. */
  readonly hosts: ReadonlyMap<string, string | undefined>;
}

export interface ServiceUnitsOptions<Unit extends ServiceUnit, Part> {
  /** E.g. `HAProxy`. */
  readonly proxy: string;
  /** What the proxy carries the service with (a backend, an upstream); undefined when it cannot carry it at all. */
  partOf(unit: Unit): Part | undefined;
  /** Whether two states of a service differ in nothing but their endpoints. */
  hasSameStructure(before: Unit, after: Unit): boolean;
}

export interface UnitInputs<Unit> {
  readonly lookUp: LookUp;
  /** Services that the proxy's own check refused, with its words. A new object when it changed. */
  readonly refused: RefusedServices;
  /** `before` is the unit of an earlier state of the service. */
  describe(service: Service, before: Unit | undefined): Unit;
}

export interface UnitsUpdate {
  /** Names of parts that may differ from the last update, removed ones included. */
  readonly touched: ReadonlySet<string>;
  /** True when more than endpoints changed: who gets which port and route has to be settled again. */
  readonly restructured: boolean;
}

/** Keeps the units in step with the catalog, at the cost of what changed: a service that is the same object is not looked at. */
export interface ServiceUnits<Unit extends ServiceUnit, Part> {
  update(catalog: Catalog, inputs: UnitInputs<Unit>): UnitsUpdate;
  /** Those that are served, by service id. */
  readonly served: readonly Unit[];
  /** Theirs by name, in the order of names. The same map as long as the structure is the same. */
  readonly parts: ReadonlyMap<string, Part>;
  readonly warnings: readonly Warning[];
  /**
   * For services that ask for a certificate that there is not. Their routes and ports stay: clients are shown the certificate that fits their name best, or
   * the default, rather than nothing.
   */
  missingCertificates(certificates: { has(name: string): boolean }): readonly Warning[];
}

export function createServiceUnits<Unit extends ServiceUnit, Part extends { readonly name: string }>({
  proxy,
  partOf,
  hasSameStructure,
}: ServiceUnitsOptions<Unit, Part>): ServiceUnits<Unit, Part> {
  let units = new Map<string, Unit>();
  /** The services of the last update, in the order of its catalog. */
  const order: Service[] = [];
  /** Ids of services with endpoints that have host names. */
  const named = new Set<string>();
  let served: readonly Unit[] = [];
  let parts = new Map<string, Part>();
  let refusals: readonly Warning[] = [];
  let lastRefused: RefusedServices | undefined;
  const warnings = new Map<string, readonly Warning[]>();
  const wishes = new Map<string, readonly string[]>();

  const remember = (id: string, unit: Unit | undefined): void => {
    setOrDelete(warnings, id, unit?.warnings);
    setOrDelete(wishes, id, unit?.certificates);
    if (unit !== undefined && unit.hosts.size > 0) named.add(id);
    else named.delete(id);
  };

  const settle = (catalog: Catalog, refused: RefusedServices): void => {
    // In the catalog's order, which is by id: the lowest id keeps a contested port.
    const ordered = new Map<string, Unit>();
    for (const id of catalog.services.keys()) {
      const unit = units.get(id);
      if (unit !== undefined) ordered.set(id, unit);
    }
    units = ordered;
    const taken = new Map<string, Part>();
    const found: Unit[] = [];
    const leftOut: Warning[] = [];
    for (const [service, unit] of units) {
      const part = partOf(unit);
      if (part === undefined) continue;
      const words = refused.get(unit.service);
      if (words !== undefined) leftOut.push({ message: `left out, ${proxy} refuses it: ${oneLine(words)}`, service });
      else if (taken.has(part.name)) leftOut.push({ message: `left out: its name ${part.name} is taken`, service });
      else {
        taken.set(part.name, part);
        found.push(unit);
      }
    }
    served = found;
    parts = new Map([...taken].sort(([left], [right]) => (left < right ? -1 : 1)));
    refusals = leftOut;
  };

  return {
    update(catalog, { lookUp, refused, describe }) {
      const touched = new Set<string>();
      let restructured = lastRefused !== refused;
      lastRefused = refused;
      let place = -1;
      for (const service of catalog.services.values()) {
        place += 1;
        // The order is the same as long as no service came or went: then 10,000 unchanged services are 10,000 pointers that are compared, and
        // nothing behind them is fetched into the caches. Of the values alone, which takes a quarter of the time (0.15 ms) of pairs with their keys.
        if (order[place] === service && (named.size === 0 || !named.has(service.id))) continue;
        const { id } = service;
        const before = units.get(id);
        if (before?.service === service && hasSameHosts(before, lookUp)) {
          order[place] = service;
          continue;
        }
        const after = describe(service, before);
        units.set(id, after);
        order[place] = service;
        remember(id, after);
        const partBefore = before === undefined ? undefined : partOf(before);
        const part = partOf(after);
        if (partBefore !== undefined) touched.add(partBefore.name);
        if (part !== undefined) touched.add(part.name);
        if (before === undefined || !hasSameStructure(before, after)) restructured = true;
        else if (part !== undefined && parts.has(part.name)) parts.set(part.name, part);
        // A service that was refused is tried again once it changed.
        if (before !== undefined && refused.has(before.service)) restructured = true;
      }
      if (units.size !== catalog.services.size) {
        for (const [id, unit] of units) {
          if (catalog.services.has(id)) continue;
          const part = partOf(unit);
          if (part !== undefined) touched.add(part.name);
          remember(id, undefined);
        }
        order.length = catalog.services.size;
        restructured = true;
      }
      if (restructured) settle(catalog, refused);
      return { touched, restructured };
    },
    get served() {
      return served;
    },
    get parts() {
      return parts;
    },
    get warnings() {
      return [...[...warnings.values()].flat(), ...refusals];
    },
    missingCertificates(certificates) {
      return [...wishes].flatMap(([service, names]) =>
        names
          .filter((name) => !certificates.has(name))
          .map((name) => ({
            message: `it asks for the certificate ${inQuotes(name)}, and there is none`,
            service,
          })),
      );
    },
  };
}

function hasSameHosts({ hosts }: ServiceUnit, lookUp: LookUp): boolean {
  for (const [hostname, address] of hosts) if (lookUp(hostname) !== address) return false;
  return true;
}

function setOrDelete<Value>(
  map: Map<string, readonly Value[]>,
  id: string,
  values: readonly Value[] | undefined,
): void {
  if (values === undefined || values.length === 0) map.delete(id);
  else map.set(id, values);
}
