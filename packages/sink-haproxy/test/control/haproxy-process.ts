import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManagedProcess, type ManagedProcess } from '../../src/control/managed-process.ts';

export const signal = new AbortController().signal;

/** A HAProxy of the test's own, in a folder of its own. Dispose it. */
export interface TestHaproxy extends AsyncDisposable {
  readonly folder: string;
  readonly configPath: string;
  readonly runtimeSocket: string;
  readonly mapPath: string;
  readonly statePath: string;
  readonly process: ManagedProcess;
  writeConfig(options: ConfigOptions): Promise<void>;
}

export interface ConfigOptions {
  readonly port: number;
  /** Shows up in `show info`. */
  readonly description?: string;
  /** Lines of the backend `app`. */
  readonly servers?: readonly string[];
}

/** Does not start it: `process.ensureRunning` does. */
export async function createTestHaproxy(): Promise<TestHaproxy> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-haproxy-'));
  const at = (name: string): string => join(folder, name);
  const configPath = at('haproxy.cfg');
  const managed = createManagedProcess({ configPath, runDirectory: at('run') });
  await writeFile(at('meta.map'), 'owner me\nrev 0\n');
  await writeFile(at('state'), '1\n');
  return {
    folder,
    configPath,
    runtimeSocket: at('runtime.sock'),
    mapPath: at('meta.map'),
    statePath: at('state'),
    process: managed,
    async writeConfig({ port, description = 'first', servers = ['server one 127.0.0.1:20001'] }) {
      await writeFile(
        configPath,
        `global
  stats socket ${at('runtime.sock')} mode 600 level admin expose-fd listeners
  stats timeout 1m
  description ${description}
  server-state-file ${at('state')}
  noreuseport
defaults http
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
  load-server-state-from-file global
frontend web from http
  bind 127.0.0.1:${port}
  http-request set-var(txn.m) str(rev),map(${at('meta.map')}) if FALSE
  http-request return status 200 content-type text/plain string ok if { path /ok }
  default_backend app
backend app from http
  ${servers.join('\n  ')}
`,
      );
    },
    async [Symbol.asyncDispose]() {
      await managed.stop({ signal, graceMs: 2_000 });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
