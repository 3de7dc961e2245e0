import { adminStateBits, type ServerState, type ServerStateTable } from '../control/server-state.ts';
import type { ObservedServer } from './model.ts';

/** Backends without a server are absent. */
export function toServersByBackend({ servers }: ServerStateTable): Map<string, Map<string, ObservedServer>> {
  const byBackend = new Map<string, Map<string, ObservedServer>>();
  for (const state of servers) {
    const ofBackend = byBackend.get(state.backend);
    if (ofBackend === undefined) byBackend.set(state.backend, new Map([[state.server, toObservedServer(state)]]));
    else ofBackend.set(state.server, toObservedServer(state));
  }
  return byBackend;
}

function toObservedServer(state: ServerState): ObservedServer {
  const { forcedMaintenance, forcedDrain } = adminStateBits;
  return {
    address: state.address,
    port: state.port,
    weight: state.weight,
    state:
      (state.adminState & forcedMaintenance) !== 0
        ? 'maintenance'
        : (state.adminState & forcedDrain) !== 0
          ? 'drain'
          : 'ready',
    checking: (state.checkState & 0x04) !== 0,
  };
}
