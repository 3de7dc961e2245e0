import { adminStateBits, type ServerStateRow, visitServerStates } from '../control/server-state.ts';
import type { ObservedServer } from './model.ts';

const columns = ['be_name', 'srv_name', 'srv_addr', 'srv_port', 'srv_uweight', 'srv_admin_state', 'srv_check_state'];
/** Their places in `columns`. */
const [ofBackend, ofName, ofAddress, ofPort, ofWeight, ofAdminState, ofCheckState] = [0, 1, 2, 3, 4, 5, 6];

/** The flag of a check that runs (HAProxy's management.txt, "show servers state"). */
const checkEnabled = 0x04;

type Servers = ReadonlyMap<string, ObservedServer>;

/**
 * The answer to `show servers state`. Backends without a server are absent. What is as it was `before` is the same object as before, so that
 * reading 40,000 servers again leaves next to no garbage, and no name holds the whole answer in memory.
 *
 * @throws {SinkError} SINK_APPLY_FAILED when it is no such answer.
 */
export function parseServersByBackend(
  text: string,
  before: ReadonlyMap<string, Servers> = new Map(),
): Map<string, Map<string, ObservedServer>> {
  const byBackend = new Map<string, Map<string, ObservedServer>>();
  let last: string | undefined;
  let servers = new Map<string, ObservedServer>();
  let expected = createExpectation(undefined);
  visitServerStates(text, columns, (row) => {
    // Servers of one backend follow each other.
    if (last === undefined || !row.is(ofBackend, last)) {
      last = row.text(ofBackend);
      servers = byBackend.get(last) ?? new Map<string, ObservedServer>();
      byBackend.set(last, servers);
      expected = createExpectation(before.get(last));
    }
    const [name, known] = expected.next(row);
    servers.set(name, known !== undefined && isSame(row, known) ? known : readServer(row));
  });
  return byBackend;
}

/** HAProxy lists the servers in the order in which it got them, so each row is most likely the next of those before. */
function createExpectation(before: Servers | undefined): {
  next(row: ServerStateRow): readonly [name: string, known: ObservedServer | undefined];
} {
  const entries = before?.entries();
  const take = (): readonly [string, ObservedServer] | undefined => entries?.next().value;
  let expected = take();
  return {
    next(row) {
      let found = expected;
      if (found === undefined || !row.is(ofName, found[0])) {
        const name = row.text(ofName);
        const known = before?.get(name);
        if (known === undefined) return [name, undefined];
        // Those between are gone.
        while (expected !== undefined && expected[0] !== name) expected = take();
        found = [name, known];
      }
      expected = take();
      return found;
    },
  };
}

function isSame(row: ServerStateRow, { address, port, weight, state, checking }: ObservedServer): boolean {
  return (
    row.is(ofAddress, address) &&
    row.number(ofPort) === port &&
    row.number(ofWeight) === weight &&
    stateOf(row) === state &&
    isChecking(row) === checking
  );
}

function readServer(row: ServerStateRow): ObservedServer {
  return {
    address: row.text(ofAddress),
    port: row.number(ofPort),
    weight: row.number(ofWeight),
    state: stateOf(row),
    checking: isChecking(row),
  };
}

function stateOf(row: ServerStateRow): ObservedServer['state'] {
  const adminState = row.number(ofAdminState);
  const { forcedMaintenance, forcedDrain } = adminStateBits;
  if ((adminState & forcedMaintenance) !== 0) return 'maintenance';
  return (adminState & forcedDrain) !== 0 ? 'drain' : 'ready';
}

function isChecking(row: ServerStateRow): boolean {
  return (row.number(ofCheckState) & checkEnabled) !== 0;
}
