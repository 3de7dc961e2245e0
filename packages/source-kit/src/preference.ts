import { isPipelineError, type SourceError } from '@signalbox/core';
import { combineErrors } from './http/failures.ts';

/** Asks servers in turn, the one that answered last before the others. */
export class Preference<Server> {
  readonly #servers: readonly Server[];
  readonly #summary: string;
  #preferred = 0;

  /** @param summary - how the error for all servers begins, for example `no Mesos-DNS could be read` */
  constructor(servers: readonly Server[], summary: string) {
    this.#servers = servers;
    this.#summary = summary;
  }

  /**
   * @returns the first answer that is one; undefined when none failed for good, and none had news either.
   * @throws {SourceError} one for all servers, when each of them failed.
   */
  async first<Answer>(
    ask: (server: Server) => Promise<Answer | undefined>,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    const errors: SourceError[] = [];
    // Others ask at the same time, and may find a better one meanwhile: this round still asks each server once.
    const start = this.#preferred;
    for (let count = 0; count < this.#servers.length; count += 1) {
      const index = (start + count) % this.#servers.length;
      try {
        const answer = await ask(this.#servers[index] as Server);
        if (answer === undefined) continue;
        this.#preferred = index;
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        if (!isPipelineError(error)) throw error;
        errors.push(error as SourceError);
      }
    }
    if (errors.length < this.#servers.length) return undefined;
    throw combineErrors(errors, this.#summary);
  }

  /** @throws {SourceError} when none of them does. */
  async some(check: (server: Server) => Promise<void>, signal: AbortSignal): Promise<void> {
    const results = await Promise.allSettled(this.#servers.map((server) => check(server)));
    signal.throwIfAborted();
    if (results.some(({ status }) => status === 'fulfilled')) return;
    const errors = results.map((result) => (result as PromiseRejectedResult).reason as unknown);
    const foreign = errors.find((error) => !isPipelineError(error));
    if (foreign !== undefined) throw foreign;
    throw combineErrors(errors as SourceError[], this.#summary);
  }
}
