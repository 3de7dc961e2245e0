import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { createMarathonSimulator, type MarathonSimulator } from '@signalbox/testkit/marathon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { marathon, type TlsOptions } from '../src/index.ts';
import { runSource } from './run-source.ts';

let folder: string;
let certFile: string;
let simulator: MarathonSimulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-tls-'));
  const keyFile = join(folder, 'key.pem');
  certFile = join(folder, 'cert.pem');
  const subject = ['-subj', '/CN=marathon.example', '-addext', 'subjectAltName=DNS:marathon.example'];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  await promisify(execFile)('openssl', ['req', '-x509', ...newKey, '-out', certFile, '-days', '2', ...subject], {
    timeout: 20_000,
  });
  const [key, cert] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certFile, 'utf8')]);
  simulator = await createMarathonSimulator({ tls: { key, cert }, liveTasks: false });
  await simulator.createApp({ id: '/web', instances: 1, portDefinitions: [{ port: 10_000, name: 'http' }] });
  await simulator.settled();
});

afterAll(async () => {
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

async function firstOutcome(tls: TlsOptions): Promise<unknown> {
  const source = runSource(marathon({ urls: simulator.urls, tls, requestTimeoutMs: 5_000 }));
  const outcome = await Promise.race([source.until((services) => services.size === 1), source.ended]);
  await source.stop();
  return outcome;
}

const synced = expect.objectContaining({ services: expect.anything() });

describe('HTTPS', () => {
  it('trusts the given authority, under the given name', async () => {
    expect(await firstOutcome({ caFile: certFile, serverName: 'marathon.example' })).toEqual(synced);
    const ca = await readFile(certFile, 'utf8');
    expect(await firstOutcome({ ca, serverName: 'marathon.example' })).toEqual(synced);
  });

  it('trusts nobody else, says what to check, and can be told not to look', async () => {
    expect(await firstOutcome({}).catch((error: Error) => error.cause)).toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      hint: expect.stringContaining('tls.ca'),
    });
    expect(await firstOutcome({ insecure: true })).toEqual(synced);
  });

  it('uses a certificate file that was replaced, without a restart', async () => {
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, await readFile(certFile, 'utf8'));
    const tls = { caFile, serverName: 'marathon.example' };
    const source = runSource(marathon({ urls: simulator.urls, tls, requestTimeoutMs: 5_000, resyncMs: 50 }));
    await source.until((services) => services.size === 1);
    await writeFile(caFile, rootCertificates[0] ?? '');
    // New connections are made to the new leader, which nobody vouches for now.
    await simulator.changeLeader();
    expect(await source.ended).toMatchObject({ code: 'SOURCE_UNREACHABLE', hint: expect.stringContaining('tls.ca') });
  });

  it('names the option whose file cannot be read', async () => {
    const outcome = await firstOutcome({ caFile: join(folder, 'none.pem') }).catch((error: Error) => error.cause);
    expect(outcome).toMatchObject({ code: 'SOURCE_UNREACHABLE', message: expect.stringContaining('tls.caFile') });
  });
});
