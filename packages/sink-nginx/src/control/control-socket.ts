import { SinkError } from '@signalbox/core';
import { targetChanged } from '@signalbox/sink-kit';
import type { ControlAnswer } from './answer-reader.ts';
import { type ControlOptions, createControlClient } from './control-client.ts';
import { type EntryChanges, formatBatch, parseEntries } from './entry-lines.ts';

/** What the process that answers says of itself. */
export interface ControlState {
  readonly hash: string;
  /** In Lua mode only: changes with every batch and every cold start. */
  readonly generation?: string;
  /** What the Lua code understands; absent in the first version, and without Lua. */
  readonly protocol?: number;
  readonly freeBytes?: number;
  readonly capacityBytes?: number;
}

/** Of batches and entries, as the Lua code of this version has them. */
export const controlProtocol = 2;

export interface Batch extends EntryChanges {
  /** The configuration and the generation that the batch was made for. */
  readonly hash: string;
  readonly base: string;
  readonly generation: string;
}

export interface ControlEntries {
  readonly generation: string;
  readonly entries: Map<string, string>;
}

/** What nginx counted for an upstream or an endpoint, since it started. */
export interface Counts {
  /** Of classes 1xx to 5xx. */
  readonly responses: readonly number[];
  /** Attempts that reached nobody, or got no answer. */
  readonly failed: number;
  /** Of those, the ones that another attempt followed. */
  readonly retried: number;
  /** Requests in flight. */
  readonly active: number;
  /** It failed lately, and is passed over. */
  readonly isDown: boolean;
}

/** What Signalbox asks nginx, over one connection that is kept between two questions. */
export interface ControlSocket {
  readState(options: ControlOptions): Promise<ControlState>;
  /** Lua mode only. */
  readEntries(options: ControlOptions): Promise<ControlEntries>;
  /**
   * All of the batch, or nothing of it, and nothing when configuration or generation is another than the batch was made for. Once this returns, no
   * worker uses anything older.
   *
   * @throws {SinkError} SINK_TARGET_CHANGED when somebody else was faster, SINK_APPLY_FAILED when the dictionary is full.
   */
  sendBatch(batch: Batch, options: ControlOptions): Promise<ControlState>;
  /**
   * What was counted for each of these names, `u/<upstream>` or `u/<upstream>/<server>`, in the same order. Lua mode only; counts of other workers are up to
   * a second old.
   */
  readCounts(names: readonly string[], options: ControlOptions): Promise<readonly Counts[]>;
  /** Text of `stub_status`; undefined when nginx has none. */
  readConnections(options: ControlOptions): Promise<string | undefined>;
  /** Closes what is kept; a further question opens it again. */
  close(): void;
}

export function createControlSocket(socketPath: string): ControlSocket {
  const { ask, close } = createControlClient(socketPath);
  return {
    async readState(options) {
      const answer = await ask('/state', options);
      return expectAnswer('/state', answer, parseState(answer));
    },
    async readEntries(options) {
      const answer = await ask('/entries', options);
      const read = parseEntries(answer.text);
      const { head, entries } = expectAnswer('/entries', answer, read);
      return { generation: toState(head)?.generation ?? '', entries };
    },
    async sendBatch({ hash, base, generation, ...changes }, options) {
      const answer = await ask('/batch', options, formatBatch({ hash, base, generation }, changes));
      const state = parseState(answer);
      // The answer to it was lost with its connection, and the second attempt met what the first one had left.
      if (answer.status === 409 && state?.generation === generation) return state;
      throwRefusal(answer);
      return expectAnswer('/batch', answer, state);
    },
    async readCounts(names, options) {
      const answer = await ask('/statistics', options, names.map((name) => `${name}\n`).join(''));
      const counts = answer.text.split('\n').slice(0, -1).map(toCounts);
      return expectAnswer('/statistics', answer, counts.length === names.length ? counts : undefined);
    },
    async readConnections(options) {
      const { status, text } = await ask('/connections', options);
      return status === 200 ? text : undefined;
    },
    close,
  };
}

function toCounts(line: string): Counts {
  const numbers = line.split(' ').map(Number);
  const [failed = 0, retried = 0, active = 0, down] = numbers.slice(5);
  return { responses: numbers.slice(0, 5), failed, retried, active, isDown: down === 1 };
}

function throwRefusal({ status, text }: ControlAnswer): void {
  if (status === 409) {
    throw targetChanged('nginx');
  }
  if (status === 507) {
    throw new SinkError("the endpoints and routes do not fit into nginx's dictionary; nothing was changed", {
      code: 'SINK_APPLY_FAILED',
      output: text,
      hint: 'set `dictionaryMebibytes` to a higher number',
    });
  }
}

function expectAnswer<Value>(path: string, { status, text }: ControlAnswer, value: Value | undefined): Value {
  if (status === 200 && value !== undefined) return value;
  throw new SinkError(`nginx answered ${path} on its control socket with status ${status}`, {
    code: 'SINK_APPLY_FAILED',
    output: text.slice(0, 2_000),
    hint: 'look at the error log of nginx in the run directory',
  });
}

function parseState({ text }: ControlAnswer): ControlState | undefined {
  try {
    return toState(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function toState(value: unknown): ControlState | undefined {
  return typeof value === 'object' && value !== null ? (value as ControlState) : undefined;
}
