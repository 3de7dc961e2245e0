import assert from 'node:assert/strict';
import {
  isAbortError,
  messageOf,
  type PluginContext,
  type Service,
  type Source,
  type SourceUpdate,
} from '@signalbox/core';
import { type RecordingLogger, recordingLogger } from '../../doubles/recording-logger.ts';
import { waitFor } from '../../wait-for.ts';
import { checkServices } from '../support/check-services.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { settleWithin } from '../support/settle.ts';
import type { Population } from './source-harness.ts';

/** The id under which the contract runs every source. */
export const contractSourceId = 'contract';

/** Within this time an aborted watch has ended. */
export const abortLimitMs = 1_000;

type End = { readonly error?: unknown };

/** Runs one watch as the runtime does: takes every set, checks and freezes it, and remembers how it ended. */
export class Watcher {
  /** Every set so far. */
  readonly updates: (readonly Service[])[] = [];
  readonly logger: RecordingLogger = recordingLogger();
  readonly #controller: AbortController;
  readonly #ended: Promise<End>;
  readonly #timeoutMs: number;
  #end: End | undefined;

  constructor(source: Source, timeoutMs: number, controller = new AbortController()) {
    this.#timeoutMs = timeoutMs;
    this.#controller = controller;
    this.#ended = this.#take(source).then((end) => {
      this.#end = end;
      return end;
    });
  }

  get latest(): readonly Service[] | undefined {
    return this.updates.at(-1);
  }

  /** Waits for a set that holds exactly these services. @throws when the watch ends before. */
  async reaches(population: Population, since = 0): Promise<readonly Service[]> {
    await waitFor(
      () => this.#end !== undefined || (this.updates.length > since && holds(this.latest ?? [], population)),
      {
        timeoutMs: this.#timeoutMs,
        description: () => `the set ${JSON.stringify(population)} (last seen: ${describeSet(this.latest)})`,
      },
    );
    if (this.#end !== undefined) {
      throw new Error(`the watch ended instead of yielding ${JSON.stringify(population)}: ${describeEnd(this.#end)}`, {
        cause: this.#end.error,
      });
    }
    return this.latest as readonly Service[];
  }

  /** Waits until the watch throws, and resolves to what it threw. */
  async throws(): Promise<unknown> {
    const end = await waitFor(() => this.#end, {
      timeoutMs: this.#timeoutMs,
      description: () => `the watch to throw (last seen: ${describeSet(this.latest)})`,
    });
    assert('error' in end, 'the watch ended without an error');
    return end.error;
  }

  /** Aborts, and checks that the watch ends in time and without another error. */
  async aborts(while_: string): Promise<void> {
    this.#controller.abort();
    const outcome = await settleWithin(this.#ended, abortLimitMs);
    assert(outcome.state !== 'pending', `the watch goes on ${abortLimitMs} ms after it was aborted while ${while_}`);
    const { error } = this.#end ?? {};
    const clean = error === undefined || isAbortError(error, this.#controller.signal);
    assert(
      clean,
      `the watch threw "${messageOf(error)}" when it was aborted while ${while_}; aborting is not an error`,
    );
  }

  /** For the end of a test, however it went. */
  async stop(): Promise<void> {
    this.#controller.abort();
    await settleWithin(this.#ended, abortLimitMs);
  }

  async #take(source: Source): Promise<End> {
    const context: PluginContext = {
      id: contractSourceId,
      signal: this.#controller.signal,
      logger: this.logger,
    };
    try {
      for await (const update of source.watch(context)) {
        const services = listServices(update);
        checkServices(services);
        this.updates.push(deepFreeze(services));
      }
      return {};
    } catch (error) {
      return { error };
    }
  }
}

function listServices(update: SourceUpdate): readonly Service[] {
  return 'services' in update ? [...update.services] : [...update];
}

/** Endpoints that take new connections; a source may go on showing those that drain. */
export function countEndpoints(service: Service): number {
  return service.endpoints.filter(({ draining }) => draining !== true).length;
}

/** The one service whose name contains the key. */
export function findService(services: readonly Service[], key: string): Service | undefined {
  const found = services.filter(({ name }) => name.includes(key));
  return found.length === 1 ? found[0] : undefined;
}

function holds(services: readonly Service[], population: Population): boolean {
  const wanted = Object.entries(population);
  return (
    services.length === wanted.length &&
    wanted.every(([key, count]) => {
      const service = findService(services, key);
      return service !== undefined && countEndpoints(service) === count;
    })
  );
}

function describeSet(services: readonly Service[] | undefined): string {
  if (services === undefined) return 'no set';
  return `[${services.map((service) => `${service.name} × ${countEndpoints(service)}`).join(', ')}]`;
}

function describeEnd(end: End): string {
  return 'error' in end ? messageOf(end.error) : 'without an error';
}
