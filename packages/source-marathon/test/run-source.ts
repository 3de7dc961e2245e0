import { type Logger, type Service, type Snapshot, type Source, silentLogger } from '@signalbox/core';

export interface SourceRun {
  /** Everything that was yielded, oldest first. */
  readonly snapshots: readonly Snapshot[];
  /** Settled when `watch` ended: with what it threw, or with undefined. */
  readonly ended: Promise<unknown>;
  /** Waits for a snapshot that fits, the ones already yielded included when they came at or after `from`. */
  until(
    fits: (services: ReadonlyMap<string, Service>, snapshot: Snapshot) => boolean,
    from?: number,
  ): Promise<Snapshot>;
  stop(): Promise<unknown>;
}

export function runSource(source: Source, options: { readonly id?: string; readonly logger?: Logger } = {}): SourceRun {
  const controller = new AbortController();
  const snapshots: Snapshot[] = [];
  const waiters = new Set<() => void>();
  let over = false;
  const context = { id: options.id ?? 'mesos', signal: controller.signal, logger: options.logger ?? silentLogger };
  const ended = (async () => {
    try {
      for await (const update of source.watch(context)) {
        snapshots.push(update as Snapshot);
        for (const wake of waiters) wake();
      }
      return undefined;
    } catch (error) {
      return error;
    } finally {
      over = true;
      for (const wake of waiters) wake();
    }
  })();
  return {
    snapshots,
    ended,
    async until(fits, from = 0) {
      for (let index = from; ; ) {
        for (; index < snapshots.length; index += 1) {
          const snapshot = snapshots[index];
          if (snapshot !== undefined && fits(byId(snapshot), snapshot)) return snapshot;
        }
        if (over) throw new Error('watch ended before the snapshot came', { cause: await ended });
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiters.delete(wake);
            resolve();
          };
          waiters.add(wake);
        });
      }
    },
    stop() {
      controller.abort();
      return ended;
    },
  };
}

export function byId(snapshot: Snapshot): ReadonlyMap<string, Service> {
  return new Map([...snapshot.services].map((service) => [service.id, service]));
}

/** Ports of the endpoints of one service, in order; undefined when there is no such service. */
export function portsOf(services: ReadonlyMap<string, Service>, id: string): readonly number[] | undefined {
  return services.get(id)?.endpoints.map((endpoint) => endpoint.port);
}
