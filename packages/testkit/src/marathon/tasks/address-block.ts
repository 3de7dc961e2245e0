import { createServer, type Server } from 'node:net';
import { listen, stopListening } from '../../ports/listen.ts';

/** Blocks 127.0.64.0/24 to 127.0.127.0/24 are for agents; containers of block `n` have 127.n.0.0/16. */
const firstBlock = 64;
const lastBlock = 127;
const markerPort = 30_999;

/** Loopback addresses that no other simulator on this machine uses at the same time. */
export interface AddressBlock {
  agentAddresses(count: number): string[];
  /** Another address on every call. */
  containerAddress(): string;
  release(): Promise<void>;
}

/**
 * Takes the first block that is free. A listener on its last address marks it as taken, so that simulators in several processes never share
 * an agent, and never race for its ports.
 */
export async function reserveAddressBlock(): Promise<AddressBlock> {
  for (let block = firstBlock; block <= lastBlock; block += 1) {
    const marker = createServer((socket) => socket.destroy());
    try {
      await listen(marker, { host: `127.0.${block}.254`, port: markerPort });
      return createBlock(block, marker);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`reserving agent addresses: all blocks of 127.0.${firstBlock}.0 to 127.0.${lastBlock}.0 are taken`);
}

function createBlock(block: number, marker: Server): AddressBlock {
  let containers = 0;
  return {
    agentAddresses(count) {
      if (count > 253) throw new RangeError(`${count} agents are more than the 253 of one block`);
      return Array.from({ length: count }, (_, index) => `127.0.${block}.${index + 1}`);
    },
    containerAddress() {
      containers += 1;
      return `127.${block}.${(containers >> 8) & 255}.${containers & 255}`;
    },
    release: () => stopListening(marker),
  };
}
