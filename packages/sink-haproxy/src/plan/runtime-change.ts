import type { PlannedChange } from '@signalbox/core';
import type { Backend, ObservedMapName } from '../desired/model.ts';

/**
 * The order of a transaction: a backend is added before all else, a spare is claimed before it is used, what is new comes in before traffic is led to it, and what goes leaves
 * last, so that no backend is empty in between.
 */
export const phases = ['create', 'claim', 'add', 'lead', 'weight', 'forget', 'drain', 'maintenance', 'delete'] as const;
export type Phase = (typeof phases)[number];

export interface RuntimeStep {
  readonly phase: Phase;
  readonly command: string;
  /** The reply of a success, exactly. Undefined when a refusal is harmless and is tried again later. */
  readonly reply: string | undefined;
}

/** One planned change with the commands that make it, and what has to be read back after it. */
export type RuntimeChange = {
  readonly change: PlannedChange;
  readonly steps: readonly RuntimeStep[];
} & (
  | {
      readonly server: {
        readonly backend: string;
        readonly name: string;
        /** Its service wants it elsewhere, and requests are still led to it here: it goes once they are not. */
        readonly leaves?: true;
      };
      readonly entry?: undefined;
      readonly backend?: undefined;
    }
  | {
      readonly entry: {
        readonly map: ObservedMapName;
        readonly key: string;
        /** A backend that cannot answer yet, so that whoever answers now goes on until it can. */
        readonly needs?: string;
      };
      readonly server?: undefined;
      readonly backend?: undefined;
    }
  /** A backend that comes or goes, with its entry in the structure map. */
  | { readonly backend: string; readonly server?: undefined; readonly entry?: undefined }
);

/** For the `services` of a change. */
export function servicesOf(backend: Backend | undefined): readonly string[] {
  return backend === undefined || backend.serviceId === '' ? [] : [backend.serviceId];
}
