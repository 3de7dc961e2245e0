import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AppDefinition, MarathonEvent, MarathonSimulatorOptions } from '@signalbox/testkit/marathon';
import { findProgram } from '../find-program.ts';
import { type CallName, type ClusterCalls, type ClusterMessage, readMonotonicMs } from './messages.ts';

export interface ClusterEvent {
  readonly event: MarathonEvent;
  /** When it was published, in terms of `performance.now()` of this process. */
  readonly atMs: number;
}

/** A simulated Marathon cluster in a process of its own. Disposing ends it. */
export interface Cluster extends Omit<ClusterCalls, 'open'>, AsyncDisposable {
  readonly urls: readonly string[];
  onEvent(listener: (event: ClusterEvent) => void): void;
}

const program = findProgram('cluster-process');

export interface ClusterOptions {
  readonly apps: readonly AppDefinition[];
  readonly simulator?: MarathonSimulatorOptions;
  readonly signal: AbortSignal;
}

/** Resolves when all tasks of all apps run. */
export async function startCluster({ apps, simulator = {}, signal }: ClusterOptions): Promise<Cluster> {
  signal.throwIfAborted();
  const child = fork(program, { signal, killSignal: 'SIGKILL' });
  // Of the abort; who waits for an answer learns of the end.
  child.on('error', () => {});
  const ended = once(child, 'exit').catch(() => {});
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners: ((event: ClusterEvent) => void)[] = [];
  const clockOffsetMs = readMonotonicMs() - performance.now();
  let calls = 0;

  child.on('message', (message: ClusterMessage) => {
    if (message.type === 'event') {
      const event = { event: message.event, atMs: message.monotonicMs - clockOffsetMs };
      for (const listener of listeners) listener(event);
      return;
    }
    const call = waiting.get(message.number);
    waiting.delete(message.number);
    if (message.type === 'result') call?.resolve(message.value);
    else call?.reject(new Error(`the simulated cluster: ${message.message}`));
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the simulated cluster ended'));
    waiting.clear();
  });

  const call =
    <Name extends CallName>(name: Name) =>
    (...parameters: Parameters<ClusterCalls[Name]>) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve, reject });
        child.send({ number: calls, name, parameters });
      }) as ReturnType<ClusterCalls[Name]>;
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };

  try {
    const timing = { settleTimeoutMs: 120_000, ...simulator.timing };
    const urls = await call('open')({ ...simulator, timing }, apps);
    return {
      urls,
      createApp: call('createApp'),
      deleteApp: call('deleteApp'),
      scale: call('scale'),
      killSteadily: call('killSteadily'),
      settled: call('settled'),
      tasks: call('tasks'),
      countEvents: call('countEvents'),
      announce: call('announce'),
      onEvent: (listener) => void listeners.push(listener),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
