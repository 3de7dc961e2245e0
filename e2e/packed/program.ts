import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';

/** A program that runs until it is stopped. */
export interface Program {
  /** What it wrote so far, both streams. */
  readonly output: string;
  /** Asks it to end, and resolves to its exit code. */
  stop(): Promise<number | null>;
}

export function startProgram(folder: string, words: readonly string[]): Program {
  const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return {
    get output() {
      return output;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code as number | null;
    },
  };
}

/** Answers with status and body, or with the reason why there is none. */
export function request(port: number, host: string, path = '/'): Promise<string> {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, path, headers: { host }, agent: false, timeout: 5_000 };
    const sent = get(options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => (body += text));
      response.on('end', () => resolve(`${response.statusCode} ${body}`));
      response.on('error', (error) => resolve(error.message));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  });
}
