/** Everything outside of the program that a command may touch. Only the process's own host reads the real ones. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Calls back for each signal of this name. Returns the way to stop it. */
  onSignal(name: HostSignal, listener: () => void): () => void;
  /** Ends the process at once, without waiting for anything. */
  exit(code: number): void;
}

export interface Output {
  /** Calls back when the text has left the process, as far as anybody reads it. */
  write(text: string, onWritten?: () => void): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type HostSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export function createProcessHost(): Host {
  return {
    environment: process.env,
    workingDirectory: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal(name, listener) {
      process.on(name, listener);
      return () => process.off(name, listener);
    },
    exit: (code) => process.exit(code),
  };
}
