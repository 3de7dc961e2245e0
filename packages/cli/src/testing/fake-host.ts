import type { Host, HostSignal } from '../host.ts';
import { runProgram } from '../program.ts';

export interface FakeHost extends Host {
  readonly out: () => string;
  readonly talk: () => string;
  readonly exits: readonly number[];
  send(signal: HostSignal): void;
}

/** A host that keeps what was written and sends signals when a test wants it. With `columns` both outputs are terminals. */
export function createFakeHost(
  workingDirectory: string,
  environment: Readonly<Record<string, string>> = {},
  columns?: number,
): FakeHost {
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  const listeners = new Map<HostSignal, Set<() => void>>();
  const exits: number[] = [];
  const out: string[] = [];
  const talk: string[] = [];
  const keepIn = (list: string[]) => (text: string, onWritten?: () => void) => {
    list.push(text);
    if (onWritten !== undefined) setImmediate(onWritten);
  };
  return {
    environment,
    workingDirectory,
    stdout: { write: keepIn(out), ...terminal },
    stderr: { write: keepIn(talk), ...terminal },
    onSignal(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
    exit: (code) => void exits.push(code),
    out: () => out.join(''),
    talk: () => talk.join(''),
    exits,
    send(name) {
      for (const listener of listeners.get(name) ?? []) listener();
    },
  };
}

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
}

/** Runs one command line to its end. */
export async function runCommand(
  workingDirectory: string,
  commandLine: string,
  environment?: Readonly<Record<string, string>>,
  columns?: number,
): Promise<CommandResult> {
  const host = createFakeHost(workingDirectory, environment, columns);
  const code = await runProgram(commandLine.split(' ').filter(Boolean), host);
  return { code, out: host.out(), talk: host.talk() };
}
