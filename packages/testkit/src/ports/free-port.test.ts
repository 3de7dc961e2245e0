import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { freePort, freePortRange } from './free-port.ts';
import { listen, stopListening } from './listen.ts';

describe('freePort', () => {
  it('gives a port that can be listened on', async () => {
    const port = await freePort();
    const server = createServer();
    expect(await listen(server, { host: '127.0.0.1', port })).toBe(port);
    await stopListening(server);
  });

  it('gives none twice, and none that Linux gives to connections', async () => {
    const ports = await Promise.all(Array.from({ length: 300 }, () => freePort()));
    expect(new Set(ports).size).toBe(300);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it.runIf(process.platform === 'linux')('gives none that another process was given, until that one ends', async () => {
    const from = await freePortRange(20);
    const script = `
      import { createServer } from 'node:net';
      let refused = 0;
      for (let port = ${from}; port < ${from + 20}; port += 1) {
        await new Promise((resolve) => {
          const server = createServer().once('error', () => { refused += 1; resolve(); }).unref();
          server.listen('\\0signalbox-testkit-port-' + port, resolve);
        });
      }
      console.log(refused);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout).toBe('20\n');
  });

  it('gives ports in a row', async () => {
    const from = await freePortRange(5);
    const servers = Array.from({ length: 5 }, () => createServer());
    const ports = await Promise.all(
      servers.map((server, index) => listen(server, { host: '127.0.0.1', port: from + index })),
    );
    expect(ports).toEqual([0, 1, 2, 3, 4].map((index) => from + index));
    await Promise.all(servers.map(stopListening));
  });
});
