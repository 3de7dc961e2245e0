import { adminStateBits, visitServerStates } from '../control/server-state.ts';
import type { ObservedServer } from './model.ts';

const columns = ['be_name', 'srv_name', 'srv_addr', 'srv_port', 'srv_uweight', 'srv_admin_state', 'srv_check_state'];

/** The flag of a check that runs (HAProxy's management.txt, "show servers state"). */
const checkEnabled = 0x04;

/** The answer to `show servers state`. Backends without a server are absent. @throws {SinkError} SINK_APPLY_FAILED when it is no such answer. */
export function parseServersByBackend(text: string): Map<string, Map<string, ObservedServer>> {
  const byBackend = new Map<string, Map<string, ObservedServer>>();
  let last = '';
  let ofLast = new Map<string, ObservedServer>();
  visitServerStates(text, columns, (values) => {
    const [backend = '', name = '', address = '', port = '', weight = '', admin = '', check = ''] = values;
    // Servers of one backend follow each other.
    if (backend !== last) {
      last = backend;
      ofLast = byBackend.get(backend) ?? new Map<string, ObservedServer>();
      byBackend.set(backend, ofLast);
    }
    ofLast.set(name, {
      address,
      port: Number(port),
      weight: Number(weight),
      state: stateOf(Number(admin)),
      checking: (Number(check) & checkEnabled) !== 0,
    });
  });
  return byBackend;
}

function stateOf(adminState: number): ObservedServer['state'] {
  const { forcedMaintenance, forcedDrain } = adminStateBits;
  if ((adminState & forcedMaintenance) !== 0) return 'maintenance';
  return (adminState & forcedDrain) !== 0 ? 'drain' : 'ready';
}
