import type { Cluster } from '../cluster/cluster.ts';
import type { Dialect, Standby } from '../dialects/dialect.ts';
import type { Fault } from '../faults/fault.ts';
import { createFaultBoard } from '../faults/fault-board.ts';
import type { EventHub } from '../stream/event-hub.ts';
import { answerRequest } from './answer-request.ts';
import type { Leadership } from './leadership.ts';
import { type Master, openMaster } from './master.ts';

export interface MasterSettings {
  readonly cluster: Cluster;
  readonly prefix: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  readonly dialect: Dialect;
  readonly standby: Standby;
  readonly heartbeatMs: number;
  readonly maxOutstandingEvents: number;
}

/** All Marathon nodes. */
export interface Masters {
  readonly settings: MasterSettings;
  readonly hub: EventHub;
  readonly nodes: readonly Master[];
  readonly leader: Master | undefined;
  readonly requests: number;
  countRequest(): void;
  changeLeader(): Promise<void>;
  setFault(fault: Fault, master?: number): void;
  clearFaults(): void;
  /** Resolves when listeners are open or closed as the faults want it. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface MastersOptions {
  readonly settings: MasterSettings;
  readonly hub: EventHub;
  readonly leadership: Leadership;
  /** One per node; 0 for a free one. */
  readonly ports: readonly number[];
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
}

export async function openMasters(options: MastersOptions): Promise<Masters> {
  const { settings, hub, leadership } = options;
  const nodes: Master[] = [];
  let requests = 0;
  const masters: Masters = {
    settings,
    hub,
    nodes,
    get leader() {
      return nodes[leadership.index];
    },
    get requests() {
      return requests;
    },
    countRequest() {
      requests += 1;
    },
    changeLeader: () => leadership.change(),
    setFault(fault, master) {
      for (const node of master === undefined ? nodes : nodes.slice(master, master + 1)) {
        node.faults.set(fault);
        if (fault.kind === 'refuse') node.setRefusing(true);
      }
    },
    clearFaults() {
      for (const node of nodes) {
        node.faults.clear();
        node.setRefusing(false);
      }
    },
    async ready() {
      await Promise.all(nodes.map((node) => node.ready()));
    },
    async close() {
      leadership.close();
      for (const stream of hub.streams) stream.destroy();
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
  for (const port of options.ports) {
    const node: Master = await openMaster({
      port,
      tls: options.tls,
      faults: createFaultBoard(),
      handle: (request, response) => answerRequest(masters, node, request, response),
    });
    nodes.push(node);
  }
  return masters;
}
