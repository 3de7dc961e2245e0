import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, waitFor } from '@signalbox/testkit';
import { benchAddress } from './address.ts';
import { createDirectory } from './directory.ts';

export interface PlainHaproxy extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

export interface PlainHaproxyOptions {
  readonly hostnames: readonly string[];
  /** Where all of them are led, each by a backend of its own. */
  readonly originPort: number;
  readonly signal: AbortSignal;
}

/** As one would write it by hand who wants nothing but host names: one map, no paths, no wildcards. */
export async function startPlainHaproxy({ hostnames, originPort, signal }: PlainHaproxyOptions): Promise<PlainHaproxy> {
  const directory = await createDirectory();
  const port = await freePort(benchAddress);
  const map = join(directory.path, 'hosts.map');
  const config = join(directory.path, 'haproxy.cfg');
  await writeFile(map, hostnames.map((hostname) => `${hostname} ${hostname}\n`).join(''));
  await writeFile(
    config,
    `defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  option forwardfor
  option idle-close-on-response
frontend web
  bind ${benchAddress}:${port}
  use_backend %[req.hdr(host),field(1,:),lower,map_str(${map})]
${hostnames.map((hostname) => `backend ${hostname}\n  server one 127.0.0.1:${originPort}\n`).join('')}`,
  );
  const child = spawn('haproxy', ['-db', '-f', config], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const end = async (): Promise<void> => {
    child.kill();
    await ended;
    await directory[Symbol.asyncDispose]();
  };
  try {
    await waitFor(() => isOpen(port), { signal, description: 'a HAProxy with a plain map' });
    if (child.pid === undefined) throw new Error('HAProxy did not start');
    return { pid: child.pid, port, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, benchAddress, () => resolve(true)).on('error', () => resolve(false));
    socket.once('close', () => resolve(false)).setTimeout(1_000, () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}
