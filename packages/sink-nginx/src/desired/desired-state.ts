import { type Catalog, isEqualData } from '@signalbox/core';
import { type Certificate, type Circumstances, createServiceUnits } from '@signalbox/sink-kit';
import { showCertificates } from '../certificates/certificates-by-host.ts';
import type { Settings } from '../settings.ts';
import { type Abilities, describeService, type ServiceUnit } from './describe-service.ts';
import { type Exposure, expose } from './exposure.ts';
import type { Desired, Upstream } from './model.ts';

export interface DesiredInputs extends Circumstances {
  readonly abilities: Abilities;
  /** Those of listeners with TLS. A new object when one came, went or changed. */
  readonly certificates: ReadonlyMap<string, Certificate>;
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

export function createDesiredState(settings: Settings): DesiredState {
  const reservedPorts = new Set(settings.listeners.map(({ port }) => port));
  const units = createServiceUnits<ServiceUnit, Upstream>({
    proxy: 'nginx',
    partOf: ({ upstream }) => upstream,
    hasSameStructure,
  });
  let exposure: Exposure = expose([], { reservedPorts, occupiedPorts: new Set() });
  let lastPorts: ReadonlySet<number> | undefined;
  let structureVersion = 0;

  return {
    update(catalog, inputs) {
      const { abilities, lookUp, occupiedPorts, certificates } = inputs;
      const { touched, restructured } = units.update(catalog, {
        ...inputs,
        describe: (service, before) => describeService(service, { settings, abilities, lookUp }, before),
      });
      if (restructured || lastPorts !== occupiedPorts) {
        exposure = expose(units.served, { reservedPorts, occupiedPorts });
        structureVersion += 1;
      }
      lastPorts = occupiedPorts;
      return {
        desired: {
          ...exposure,
          upstreams: units.parts,
          certificates: showCertificates(certificates, settings.certificates?.default),
          warnings: [...units.warnings, ...exposure.warnings, ...units.missingCertificates(certificates)],
          structureVersion,
        },
        touched,
      };
    },
  };
}

function hasSameStructure(before: ServiceUnit, after: ServiceUnit): boolean {
  if (before.structure === after.structure) return true;
  if (before.port !== after.port || !isEqualData(before.claims, after.claims)) return false;
  if (!isEqualData(before.passthrough, after.passthrough)) return false;
  if (before.upstream === undefined || after.upstream === undefined) return before.upstream === after.upstream;
  return (
    before.upstream.name === after.upstream.name &&
    before.upstream.protocol === after.upstream.protocol &&
    isEqualData(before.upstream.policy, after.upstream.policy)
  );
}
