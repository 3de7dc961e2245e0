import { type Catalog, isEqualData } from '@signalbox/core';
import { type Circumstances, type ClientAuthorities, createServiceUnits } from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';
import { describeService, type ServiceUnit } from './describe-service.ts';
import { type Exposure, expose } from './exposure.ts';
import type { Backend, Desired } from './model.ts';

export interface DesiredInputs extends Circumstances {
  /** Names of the certificates of listeners with TLS. A new object when it changed. */
  readonly certificates: ReadonlySet<string>;
  /** What certificates of clients are verified against, by name. A new object when it changed. */
  readonly clientAuthorities: ReadonlyMap<string, ClientAuthorities>;
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
  const units = createServiceUnits<ServiceUnit, Backend>({
    proxy: 'HAProxy',
    partOf: ({ backend }) => backend,
    hasSameStructure: ({ structure: before }, { structure: after }) => before === after || isEqualData(before, after),
  });
  let exposure: Exposure = expose([], { reservedPorts, occupiedPorts: new Set(), portRanges });
  let lastInputs: DesiredInputs | undefined;
  let structureVersion = 0;

  return {
    update(catalog, inputs) {
      const { lookUp, occupiedPorts, certificates, clientAuthorities } = inputs;
      const { touched, restructured } = units.update(catalog, {
        ...inputs,
        describe: (service, before) => describeService(service, settings, lookUp, before),
      });
      const isExposedOtherwise =
        lastInputs?.occupiedPorts !== occupiedPorts ||
        lastInputs.clientAuthorities !== clientAuthorities ||
        (lastInputs.certificates.size === 0) !== (certificates.size === 0);
      lastInputs = inputs;
      if (restructured || isExposedOtherwise) {
        exposure = expose(units.served, { reservedPorts, occupiedPorts, portRanges });
        structureVersion += 1;
      }
      return {
        desired: {
          ...exposure,
          backends: units.parts,
          passthrough: exposure.maps.sni.size > 0,
          hasCertificates: certificates.size > 0,
          clientAuthorities,
          warnings: [...units.warnings, ...exposure.warnings, ...units.missingCertificates(certificates)],
          structureVersion,
        },
        touched,
      };
    },
  };
}
