/** The ports that a Mesos agent offers by default (`--resources`); below the ephemeral ones of Linux. */
const firstPort = 31_000;
const lastPort = 32_000;

export interface PortAllocator {
  /** Undefined if there are not enough, or a certain port that was wished for is taken. */
  allocate(
    agentAddress: string,
    wishes: readonly number[],
    isFree: (port: number) => Promise<boolean>,
  ): Promise<readonly number[] | undefined>;
  release(agentAddress: string, ports: readonly number[]): void;
}

/** Hands out ports in turn, so that one which has just been given back is not used again at once. */
export function createPortAllocator(): PortAllocator {
  const takenByAgent = new Map<string, { readonly taken: Set<number>; next: number }>();
  const stateOf = (agentAddress: string) => {
    const state = takenByAgent.get(agentAddress) ?? { taken: new Set<number>(), next: firstPort };
    takenByAgent.set(agentAddress, state);
    return state;
  };
  return {
    async allocate(agentAddress, wishes, isFree) {
      const state = stateOf(agentAddress);
      const ports: number[] = [];
      const giveBack = () => {
        for (const port of ports) state.taken.delete(port);
      };
      for (const wish of wishes) {
        let port = wish;
        for (let tries = 0; wish === 0 && tries <= lastPort - firstPort; tries += 1) {
          const candidate = state.next;
          state.next = candidate === lastPort ? firstPort : candidate + 1;
          if (state.taken.has(candidate) || !(await isFree(candidate))) continue;
          port = candidate;
          break;
        }
        if (port === 0 || state.taken.has(port)) {
          giveBack();
          return undefined;
        }
        state.taken.add(port);
        ports.push(port);
      }
      return ports;
    },
    release(agentAddress, ports) {
      const { taken } = stateOf(agentAddress);
      for (const port of ports) taken.delete(port);
    },
  };
}
