import type { Snapshot, SourceError, Warning } from '@signalbox/core';
import { combineErrors } from '@signalbox/source-kit';
import { joinServices, type Origin } from '@signalbox/source-kit/documents';
import { describeName } from '../names/describe-name.ts';
import type { NameAnswer } from '../names/read-name.ts';
import type { ResolvedDnsName } from '../options.ts';

interface NameState {
  /** The last good one. */
  readonly answer?: NameAnswer;
  /** Why there is none now. */
  readonly problem?: SourceError;
}

/** What is known of every name, for as long as the source lives: a name that cannot be read now counts as it was. */
export class NameMemory {
  readonly #states: Map<ResolvedDnsName, NameState>;

  constructor(names: readonly ResolvedDnsName[]) {
    this.#states = new Map(names.map((name) => [name, {}]));
  }

  take(name: ResolvedDnsName, answer: NameAnswer): void {
    this.#states.set(name, { answer });
  }

  fail(name: ResolvedDnsName, problem: SourceError): void {
    this.#states.set(name, { ...this.#states.get(name), problem });
  }

  /**
   * The set as it is known.
   *
   * @throws {SourceError} when no name can be read now, and while one was never read: only the set of an earlier run is sure to lose
   * nothing then.
   */
  snapshot(sourceId: string): Snapshot {
    const states = [...this.#states];
    const problems = states.flatMap(([, { problem }]) => problem ?? []);
    const unknown = states.flatMap(([, { answer, problem }]) => (answer === undefined && problem ? [problem] : []));
    if (problems.length === states.length) throw combineErrors(problems, 'no name could be read');
    if (unknown.length > 0) throw combineErrors(unknown, 'these names were never read');
    const origins = states.map(([name, { answer }]): Origin => {
      return { name: name.name, services: [{ ...describeName(name), endpoints: answer?.endpoints ?? [] }] };
    });
    const { services, warnings } = joinServices(origins, sourceId);
    return { services, warnings: [...states.flatMap(([, state]) => describeState(state)), ...warnings] };
  }
}

function describeState({ answer, problem }: NameState): Warning[] {
  if (problem !== undefined) return [{ message: `${problem.message}; its endpoints stay as they were` }];
  return (answer?.warnings ?? []).map((message) => ({ message }));
}
