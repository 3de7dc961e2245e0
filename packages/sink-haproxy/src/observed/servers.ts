import { adminStateBits } from '../control/server-state.ts';
import { createServerStateReader } from '../control/server-state-rows.ts';
import type { ObservedServer } from './model.ts';

const columns = ['be_name', 'srv_name', 'srv_addr', 'srv_port', 'srv_uweight', 'srv_admin_state', 'srv_check_state'];

/** The flag of a check that runs (HAProxy's management.txt, "show servers state"). */
const checkEnabled = 0x04;

type Servers = ReadonlyMap<string, ObservedServer>;

/** Reads the answer to `show servers state` as it comes, so that most of the work is done while HAProxy still writes. */
export interface ServersReader {
  /** A piece of the answer, cut anywhere. */
  push(piece: string): void;
  /**
   * Servers by backend, then by name. Backends without a server are absent.
   *
   * @throws {SinkError} SINK_APPLY_FAILED when it is no such answer.
   */
  end(): Map<string, Map<string, ObservedServer>>;
}

/**
 * What is as it was `before` is the same object as before, so that reading 40,000 servers again leaves next to no garbage, and no name holds the
 * whole answer in memory.
 */
export function createServersReader(before: ReadonlyMap<string, Servers> = new Map()): ServersReader {
  const byBackend = new Map<string, Map<string, ObservedServer>>();
  let last: string | undefined;
  let servers = new Map<string, ObservedServer>();
  let expected = createExpectation(undefined);
  const reader = createServerStateReader(columns, (values) => {
    const [backend = '', name = '', address = '', port = '', weight = '', admin = '', check = ''] = values;
    // Servers of one backend follow each other.
    if (backend !== last) {
      last = copyOf(backend);
      servers = byBackend.get(last) ?? new Map<string, ObservedServer>();
      byBackend.set(last, servers);
      // By name: mostly one backend of thousands is read, and what it costs must not be all of them.
      expected = createExpectation(before.get(last));
    }
    const [ownName, known] = expected.next(name);
    const server = {
      address,
      port: Number(port),
      weight: Number(weight),
      state: stateOf(Number(admin)),
      checking: (Number(check) & checkEnabled) !== 0,
    };
    servers.set(
      ownName,
      known !== undefined && isSame(server, known) ? known : { ...server, address: copyOf(address) },
    );
  });
  return {
    push: reader.push,
    end() {
      reader.end();
      return byBackend;
    },
  };
}

/** The same of an answer that is there as a whole. */
export function parseServersByBackend(
  text: string,
  before?: ReadonlyMap<string, Servers>,
): Map<string, Map<string, ObservedServer>> {
  const reader = createServersReader(before);
  reader.push(text);
  return reader.end();
}

/** HAProxy lists the servers of a backend in the order in which it got them, so each is most likely the next of those before. */
function createExpectation(before: Servers | undefined): {
  next(name: string): readonly [ownName: string, known: ObservedServer | undefined];
} {
  const entries = before?.entries();
  const take = (): readonly [string, ObservedServer] | undefined => entries?.next().value;
  let expected = take();
  return {
    next(name) {
      let found = expected;
      if (found === undefined || found[0] !== name) {
        const known = before?.get(name);
        if (known === undefined) return [copyOf(name), undefined];
        // Those between are gone.
        while (expected !== undefined && expected[0] !== name) expected = take();
        found = expected ?? [copyOf(name), known];
      }
      expected = take();
      return found;
    },
  };
}

function isSame(now: ObservedServer, before: ObservedServer): boolean {
  return (
    now.address === before.address &&
    now.port === before.port &&
    now.weight === before.weight &&
    now.state === before.state &&
    now.checking === before.checking
  );
}

function stateOf(adminState: number): ObservedServer['state'] {
  const { forcedMaintenance, forcedDrain } = adminStateBits;
  if ((adminState & forcedMaintenance) !== 0) return 'maintenance';
  return (adminState & forcedDrain) !== 0 ? 'drain' : 'ready';
}

/** A text of its own: a part of another one is a reference to the whole, and the whole is an answer of megabytes. */
function copyOf(part: string): string {
  return Buffer.from(part).toString();
}
