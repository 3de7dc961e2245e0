import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { freePort } from '@signalbox/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runProgram } from '../program.ts';
import { createFakeHost, type FakeHost, runCommand } from '../testing/fake-host.ts';
import { configText, createPipelineFolder } from '../testing/pipeline-folder.ts';

const withAdmin = (listen: string): string => `${configText}admin: { listen: "${listen}" }\n`;

function startRun(folder: string): { readonly host: FakeHost; readonly ended: Promise<number> } {
  const host = createFakeHost(folder, { FOLDER: folder });
  const ended = runProgram(['run', '--log-format', 'pretty'], host);
  onTestFinished(async () => {
    host.send('SIGTERM');
    await ended;
  });
  return { host, ended };
}

async function ask(port: number, path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

/** Loading the first plugin takes long on a busy machine. */
const eventually = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 10_000 });

async function startReady() {
  const port = await freePort();
  const folder = createPipelineFolder({ 'signalbox.yaml': withAdmin(`127.0.0.1:${port}`) });
  const { host, ended } = startRun(folder);
  await eventually(async () => expect((await ask(port, '/readyz')).status).toBe(200));
  return { port, folder, host, ended };
}

test('metrics, health and status of what runs', async () => {
  const { port } = await startReady();
  expect(await ask(port, '/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
  const { type, body } = await ask(port, '/metrics');
  expect(type).toContain('version=0.0.4');
  expect(body.split('\n')).toEqual(
    expect.arrayContaining([
      '# TYPE signalbox_source_services gauge',
      'signalbox_source_services{source="files"} 2',
      'signalbox_source_endpoints{source="files"} 3',
      'signalbox_source_health{source="files",health="fresh"} 1',
      'signalbox_source_health{source="files",health="stale"} 0',
      'signalbox_sink_health{sink="names",health="in-sync"} 1',
      'signalbox_sink_applies_total{sink="names"} 1',
      'signalbox_sink_errors_total{sink="names",phase="plan"} 0',
      'signalbox_source_errors_total{source="files"} 0',
    ]),
  );
  expect(JSON.parse((await ask(port, '/status')).body)).toMatchObject({
    catalogVersion: 1,
    sources: { files: { health: 'fresh', services: 2 } },
    sinks: { names: { health: 'in-sync', appliedVersion: 1 } },
  });
  expect(await ask(port, '/metrics', 'HEAD')).toMatchObject({ status: 200, body: '' });
  expect((await ask(port, '/metrics', 'POST')).status).toBe(405);
  expect((await ask(port, '/nothing')).status).toBe(404);
});

test('it is not ready before every sink has applied, and says what is missing', async () => {
  const port = await freePort();
  const folder = createPipelineFolder({ 'signalbox.yaml': withAdmin(`127.0.0.1:${port}`) });
  rmSync(join(folder, 'services.json'));
  startRun(folder);
  await eventually(async () => {
    expect(await ask(port, '/readyz')).toMatchObject({
      status: 503,
      body: 'source files has not answered\nsink names has applied nothing\n',
    });
  });
  expect((await ask(port, '/healthz')).status).toBe(200);
  await eventually(async () => {
    expect((await ask(port, '/metrics')).body).toMatch(/signalbox_source_errors_total\{source="files"\} [1-9]/);
  });
  const { sources } = JSON.parse((await ask(port, '/status')).body);
  expect(sources.files.error).toMatchObject({ message: expect.any(String), code: expect.any(String) });
});

test('the counters and the address stay over a reload; another address is moved to', async () => {
  const { port, folder, host } = await startReady();
  appendFileSync(join(folder, 'signalbox.yaml'), 'resync: 30s\n');
  host.send('SIGHUP');
  await eventually(async () => expect(host.talk().match(/ started$/gm)).toHaveLength(2));
  expect((await ask(port, '/metrics')).body).toMatch(/signalbox_sink_applies_total\{sink="names"\} [1-9]/);
  const other = await freePort();
  writeFileSync(join(folder, 'signalbox.yaml'), withAdmin(`127.0.0.1:${other}`));
  host.send('SIGHUP');
  await eventually(async () => expect((await ask(other, '/healthz')).status).toBe(200));
  await expect(ask(port, '/healthz')).rejects.toThrow();
});

test('an address that somebody has ends the start, and leaves a running one as it was', async () => {
  const taken = createServer((_, response) => response.end('somebody'));
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port: takenPort } = taken.address() as { port: number };
  const folder = createPipelineFolder({ 'signalbox.yaml': withAdmin(`127.0.0.1:${takenPort}`) });
  const { code, talk } = await runCommand(folder, 'run --log-format pretty', { FOLDER: folder });
  expect(code).toBe(1);
  expect(talk).toContain(`listening on 127.0.0.1:${takenPort} for the admin endpoint`);

  const running = await startReady();
  writeFileSync(join(running.folder, 'signalbox.yaml'), withAdmin(`127.0.0.1:${takenPort}`));
  running.host.send('SIGHUP');
  await eventually(async () => expect(running.host.talk()).toContain('going back to the one before'));
  await eventually(async () => expect((await ask(running.port, '/readyz')).status).toBe(200));
});

test('with the end of the run nobody listens', async () => {
  const { port, host, ended } = await startReady();
  host.send('SIGTERM');
  expect(await ended).toBe(143);
  await expect(ask(port, '/healthz')).rejects.toThrow();
});
