import { Agent } from 'node:https';
import { delay } from '@signalbox/core';
import { requestTls } from './client.ts';

export interface TlsLoadReport {
  /** Requests answered with status 200. */
  readonly answered: number;
  /** Serial numbers seen in fresh handshakes. */
  readonly serials: ReadonlySet<string>;
  /** What the other requests ended with. */
  readonly failures: readonly string[];
}

export interface TlsLoadOptions {
  readonly host: string;
  /** The certificate of the authority that is trusted, in PEM. */
  readonly ca: string;
  /** Clients that keep their connection. */
  readonly keepAlive: number;
  /** Clients that shake hands for every request. */
  readonly fresh: number;
}

export interface TlsLoad {
  stop(): Promise<TlsLoadReport>;
}

/** As many handshakes as the processors can do would only slow down what happens meanwhile, in this process too. */
const pauseMs = 20;

/** Clients that go on until they are told to stop. */
export function startTlsLoad(port: number, { host, ca, keepAlive, fresh }: TlsLoadOptions): TlsLoad {
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
      await delay(pauseMs);
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
