import type { TaskLauncher, TaskProcess } from '../cluster/task-process.ts';
import type { AddressBlock } from './address-block.ts';
import { createPortAllocator } from './port-allocator.ts';

/** Tasks that exist in the API only: ports are numbers, and nothing listens. */
export function createPaperLauncher(block: AddressBlock): TaskLauncher {
  const ports = createPortAllocator();
  const process: TaskProcess = {
    setHealthy: () => {},
    setReady: () => {},
    stopAccepting: () => {},
    finish: () => undefined,
    destroy: () => {},
  };
  return {
    allocatePorts: (agentAddress, wishes) => ports.allocate(agentAddress, wishes, async () => true),
    releasePorts: ports.release,
    containerAddress: block.containerAddress,
    launch: async () => process,
  };
}
