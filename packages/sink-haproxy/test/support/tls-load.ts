import { Agent } from 'node:https';
import { requestTls } from './tls.ts';

export interface TlsLoadReport {
  readonly answered: number;
  /** Serial numbers seen in fresh handshakes. */
  readonly serials: ReadonlySet<string>;
  readonly failures: readonly string[];
}

/** Clients that go on until they are told to stop: some keep their connection, the others shake hands for every request. */
export function startTlsLoad(
  port: number,
  { host, ca, keepAlive, fresh }: { host: string; ca: string; keepAlive: number; fresh: number },
): { stop(): Promise<TlsLoadReport> } {
  const serials = new Set<string>();
  const failures: string[] = [];
  let answered = 0;
  let stopped = false;
  const run = async (agent: Agent | false): Promise<void> => {
    while (!stopped) {
      try {
        const { status, serial } = await requestTls(port, { host, ca, agent });
        if (agent === false) serials.add(serial);
        if (status === 200) answered += 1;
        else failures.push(`status ${status}`);
      } catch (error) {
        failures.push(String(error));
      }
    }
    if (agent !== false) agent.destroy();
  };
  const clients = [
    ...Array.from({ length: keepAlive }, () => run(new Agent({ keepAlive: true, maxSockets: 1 }))),
    ...Array.from({ length: fresh }, () => run(false)),
  ];
  return {
    async stop() {
      stopped = true;
      await Promise.all(clients);
      return { answered, serials, failures };
    },
  };
}
