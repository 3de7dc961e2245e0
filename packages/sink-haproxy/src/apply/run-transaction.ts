import { SinkError } from '@signalbox/core';
import { targetChanged } from '@signalbox/sink-kit';
import { setMapCommand } from '../control/maps.ts';
import type { RuntimeConnection } from '../control/runtime-connection.ts';
import type { ObservedMapName } from '../desired/model.ts';
import { type MarkedProcess, markCommands, parseMark, parseRevision, revisionCommand } from '../observed/mark.ts';
import { isSameMark, type Observed, type ProcessMark } from '../observed/model.ts';
import { observe } from '../observed/observe.ts';
import { readBack, type Touched } from '../observed/read-back.ts';
import { type Phase, phases, type RuntimeChange, type RuntimeStep } from '../plan/runtime-change.ts';
import { canAnswer, diffRuntime } from '../plan/runtime-diff.ts';
import type { SinkState } from '../sink-state.ts';
import type { Placed } from '../structure/placed-desired.ts';
import { shapeOf } from '../structure/shape.ts';
import { isPossible, splitStages } from './stages.ts';

export interface Transaction {
  /** What the process shall carry. */
  readonly placed: Placed;
  /** What the changes were planned against. */
  readonly observed: Observed;
  readonly mark: ProcessMark;
  readonly changes: readonly RuntimeChange[];
}

export interface TransactionResult {
  readonly observed: Observed;
  /** Names in the process of what was touched. */
  readonly backends: ReadonlySet<string>;
}

/**
 * Makes the changes and reads them back, mostly in one exchange, and repairs once from a fresh look what is not as it should be. There is no undo:
 * always forward to the desired state. It goes to its end, old or new and never between: every step has a time-out of its own.
 *
 * @throws {SinkError} SINK_TARGET_CHANGED when others were faster, and then the next plan looks at everything; SINK_APPLY_FAILED when HAProxy
 * does not take the changes.
 */
export async function runTransaction(state: SinkState, transaction: Transaction): Promise<TransactionResult> {
  if (transaction.changes.length === 0) return { observed: transaction.observed, backends: new Set() };
  const work = async (connection: RuntimeConnection, process: MarkedProcess): Promise<TransactionResult> => {
    if (!isSameMark(process.mark, transaction.mark)) throw targetChanged('HAProxy');
    // Until it is read back, nobody knows what runs.
    state.known = undefined;
    const { placed, changes } = transaction;
    const first = await carryOut(state, connection, { placed, observed: transaction.observed, changes });
    const outcomes = [first];
    if (findRest(state, transaction, first).length > 0) {
      const observed = await observe(connection, state.paths, { ...process, mark: first.mark });
      const backends = placed.desired.backends.keys();
      const repairs = diffRuntime(state, placed, observed, { backends, maps: true });
      const second = await carryOut(state, connection, { placed, observed, changes: repairs });
      outcomes.push(second);
      const rest = findRest(state, transaction, second);
      const [refused] = rest;
      if (refused !== undefined) {
        noteRefusals(state, transaction, second, rest);
        throw applyFailed(refused, outcomes);
      }
    }
    const { observed } = outcomes.at(-1) ?? first;
    state.known = observed;
    const backends = new Set(outcomes.flatMap(({ touched }) => [...touched.backends]));
    return { observed: state.known, backends };
  };
  // An apply follows its plan at once: what that has just asked needs no second question, since the exchange asks for the revision as well.
  return state.session.use(undefined, work, { trusts: ({ mark }) => isSameMark(mark, transaction.mark) });
}

interface Outcome {
  readonly observed: Observed;
  readonly mark: ProcessMark;
  readonly steps: readonly RuntimeStep[];
  readonly touched: Touched;
  /** Commands with replies that are not those of a success. */
  readonly failures: readonly string[];
}

/** In stages, of which each sees what became of the one before; mostly there is one. */
async function carryOut(
  state: SinkState,
  connection: RuntimeConnection,
  { placed, observed, changes }: Pick<Transaction, 'placed' | 'observed' | 'changes'>,
): Promise<Outcome> {
  let outcome: Outcome = { observed, mark: observed.mark, steps: [], touched: touchedBy(changes), failures: [] };
  for (const stage of splitStages(changes)) {
    const possible = stage.filter((change) => isPossible(change, placed, outcome.observed));
    if (possible.length === 0) continue;
    const { steps, failures, ...latest } = await exchange(state, connection, outcome.observed, possible);
    const all = { steps: [...outcome.steps, ...steps], failures: [...outcome.failures, ...failures] };
    outcome = { ...outcome, ...latest, ...all };
  }
  return outcome;
}

/**
 * One exchange: the revision as it was, the steps in the order of their phases, what they touched read back, and the mark left. The revision
 * says only that we were here; that all is well is known after the comparison.
 */
async function exchange(
  state: SinkState,
  connection: RuntimeConnection,
  observed: Observed,
  changes: readonly RuntimeChange[],
): Promise<Omit<Outcome, 'touched'>> {
  const steps = inOrder(state, changes);
  const reading = readBack(observed, touchedBy(changes), state.paths);
  state.revision += 1;
  const revision = `${state.writerId}-${state.revision}`;
  const [before = '', ...replies] = await connection.send([
    revisionCommand(state.paths),
    ...steps.map(({ command }) => command),
    ...reading.commands,
    setMapCommand(state.paths.meta, 'rev', revision),
    ...markCommands(state.paths),
  ]);
  const endOfReading = steps.length + reading.commands.length;
  const [reply, ...marks] = replies.slice(endOfReading);
  const { mark } = parseMark(marks);
  const isOurs = parseRevision(before) === observed.mark.revision && mark.pid === observed.mark.pid;
  if (!isOurs || reply !== '' || mark.revision !== revision) throw targetChanged('HAProxy');
  const failures = steps.flatMap(({ command, reply: expected }, index) =>
    expected === undefined || replies[index] === expected ? [] : [`${command}: ${replies[index]}`],
  );
  return { observed: { ...reading.update(replies.slice(steps.length, endOfReading)), mark }, mark, steps, failures };
}

function inOrder(state: SinkState, changes: readonly RuntimeChange[]): readonly RuntimeStep[] {
  const byPhase = new Map<string, RuntimeStep[]>(phases.map((phase) => [phase, []]));
  for (const { steps, server, backend } of changes) {
    if (backend !== undefined && steps.some(({ phase }) => phase === 'delete'))
      state.retirement.postponeBackend(backend);
    for (const step of steps) {
      byPhase.get(step.phase)?.push(step);
      if (step.phase === 'delete' && server !== undefined) state.retirement.postpone(server.backend, server.name);
    }
  }
  return [...byPhase.values()].flat();
}

function touchedBy(changes: readonly RuntimeChange[]): Touched {
  const backends = new Set<string>();
  const keys = new Map<ObservedMapName, Set<string>>();
  let backendList = false;
  for (const { server, entry, backend } of changes) {
    if (server !== undefined) backends.add(server.backend);
    if (backend !== undefined) {
      backendList = true;
      backends.add(backend);
    }
    const touched = backend === undefined ? entry : ({ map: 'structure', key: backend } as const);
    if (touched === undefined) continue;
    const ofMap = keys.get(touched.map);
    if (ofMap === undefined) keys.set(touched.map, new Set([touched.key]));
    else ofMap.add(touched.key);
  }
  return { backends, backendList, keys };
}

/**
 * What is not as it should be, where something was changed. The next step of a retiring server may have become due meanwhile, which is nothing
 * that HAProxy did not take.
 */
function findRest(
  state: SinkState,
  { placed }: Transaction,
  { observed, steps, touched: { backends, keys } }: Outcome,
): readonly RuntimeChange[] {
  const rest = diffRuntime(state, placed, observed, { backends, maps: keys.size > 0 });
  if (rest.length === 0) return rest;
  const sent = new Set(steps.map(({ command }) => command));
  const isNew = ({ phase, command }: RuntimeStep): boolean => retiringPhases.has(phase) && !sent.has(command);
  return rest.filter((change) => !change.steps.every(isNew));
}

/** What others wait for is what was refused, and not those who wait. */
function noteRefusals(
  state: SinkState,
  { placed }: Transaction,
  { observed, steps }: Outcome,
  rest: readonly RuntimeChange[],
): void {
  const sent = new Set(steps.map(({ command }) => command));
  const refused = rest.filter((change) => change.steps.some(({ command }) => sent.has(command)));
  const places = new Map<string, string>();
  for (const { server, backend = server?.backend } of refused) {
    const wanted = placed.desired.backends.get(backend ?? '');
    if (wanted !== undefined && !canAnswer(wanted, observed)) places.set(wanted.name, shapeOf(wanted));
  }
  const isCause = ({ server }: RuntimeChange): boolean => server === undefined || observed.backends.has(server.backend);
  state.refusals.note(refused.filter(isCause), places);
}

const retiringPhases: ReadonlySet<Phase> = new Set(['maintenance', 'delete']);

function applyFailed({ change }: RuntimeChange, outcomes: readonly Outcome[]): SinkError {
  return new SinkError(`HAProxy did not take the change "${change.summary}" of ${change.target}`, {
    code: 'SINK_APPLY_FAILED',
    output: outcomes.flatMap(({ failures }) => failures).join('\n'),
    hint: 'look at the output; a reload follows if the change is still wanted',
  });
}
