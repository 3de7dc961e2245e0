import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Service } from '@signalbox/core';
import { freePortRange, waitFor } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';

let bench: Bench;
let from: number;
beforeEach(async () => {
  from = await freePortRange(4);
  bench = await createBench({ portRanges: [{ from, to: from + 3 }] });
});
afterEach(() => bench.close());

/** An application, and what checks asked it for: host and path. */
async function startApplication(): Promise<{ readonly port: number; readonly asked: Set<string> }> {
  const asked = new Set<string>();
  const server = createServer(({ headers, url }, response) => {
    asked.add(`${headers.host}${url}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.onClose(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

function serve(name: string, port: number, endpointPort: number, path: string, checkHost?: string): Service {
  return makeService(`mesos:/${name}#0`, {
    port,
    endpoints: [makeEndpoint(endpointPort)],
    healthCheck: { kind: 'http', path, intervalMs: 100 },
    ...(checkHost === undefined ? {} : { extensions: { haproxy: { checkHost } } }),
  });
}

describe('a path of checks that no service had', () => {
  it('needs no reload: of a new service, and of one that changes it', async () => {
    const [one, two] = [await startApplication(), await startApplication()];
    const sink = bench.createSink();
    const first = serve('first', from, one.port, '/health');
    await sync(sink, bench.catalog(first), bench);
    await waitFor(() => one.asked.has('localhost/health'));
    const pid = await bench.pid();
    const second = serve('second', from + 1, two.port, '/ready?full=1', 'app.test:8080');
    await sync(sink, bench.catalog(first, second), bench);
    await waitFor(() => two.asked.has('app.test:8080/ready?full=1'));
    expect([...two.asked]).toEqual(['app.test:8080/ready?full=1']);
    const changed = bench.catalog({ ...first, healthCheck: { kind: 'http', path: '/live', intervalMs: 100 } }, second);
    const plan = await sync(sink, changed, bench);
    expect(summaries(plan)).toEqual(['checks ask for localhost/live']);
    await waitFor(() => one.asked.has('localhost/live'));
    expect((await sink.plan(changed, bench.context)).changes).toEqual([]);
    expect((await bench.createSink().plan(changed, bench.context)).changes).toEqual([]);
    expect(await bench.pid()).toBe(pid);
    // The files say it as well, so that a restart asks for the same.
    await sink[Symbol.asyncDispose]?.();
    await bench.reload();
    one.asked.clear();
    two.asked.clear();
    await waitFor(() => one.asked.size > 0 && two.asked.size > 0);
    expect([...one.asked, ...two.asked]).toEqual(['localhost/live', 'app.test:8080/ready?full=1']);
    expect((await bench.createSink().plan(changed, bench.context)).changes).toEqual([]);
  });

  it('that no map can hold has a profile of its own', async () => {
    const { port, asked } = await startApplication();
    const sink = bench.createSink();
    await sync(sink, bench.catalog(serve('first', from, port, '/health')), bench);
    const plan = await sync(sink, bench.catalog(serve('first', from, port, "/it's")), bench);
    expect(plan.changes.map(({ action }) => action)).toContain('reload');
    await waitFor(() => asked.has("localhost/it's"));
  });

  it('that others removed from the process comes back', async () => {
    const { port, asked } = await startApplication();
    const sink = bench.createSink();
    const catalog = bench.catalog(serve('first', from, port, '/health'));
    await sync(sink, catalog, bench);
    await bench.ask(`clear map ${bench.directory}/signalbox/check.map`);
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toEqual(['checks ask for localhost/health']);
    asked.clear();
    await waitFor(() => asked.size > 0);
    await waitFor(() => asked.has('localhost/health'));
  });
});
