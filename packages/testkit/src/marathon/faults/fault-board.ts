import type { Fault, FaultKind } from './fault.ts';

/** The faults of one node that are in force. */
export interface FaultBoard {
  get<Kind extends FaultKind>(kind: Kind): Extract<Fault, { readonly kind: Kind }> | undefined;
  set(fault: Fault): void;
  clear(): void;
}

export function createFaultBoard(): FaultBoard {
  const faults = new Map<FaultKind, Fault>();
  return {
    get: <Kind extends FaultKind>(kind: Kind) =>
      faults.get(kind) as Extract<Fault, { readonly kind: Kind }> | undefined,
    set: (fault) => void faults.set(fault.kind, fault),
    clear: () => faults.clear(),
  };
}
