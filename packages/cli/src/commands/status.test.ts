import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../testing/fake-host.ts';
import { configText, createPipelineFolder } from '../testing/pipeline-folder.ts';
import { pluginModule } from '../testing/workspace.ts';

/** A target that has counted something for the first endpoint of each service. */
const countingSink = pluginModule({
  kind: 'sink',
  create: `return {
    async plan() { return { changes: [], warnings: [], async apply() {} }; },
    async statistics(catalog) {
      const services = [...catalog.services.values()].map(({ id, endpoints: [first] }) => [id, {
        currentSessions: 3, totalRequests: 1234, responses: { '1xx': 0, '2xx': 1220, '3xx': 0, '4xx': 9, '5xx': 5 },
        connectionErrors: 1, responseErrors: 2,
        endpoints: new Map([[first.id, { state: 'up' }], ['gone', { state: 'down', lastCheck: 'refused' }]]),
      }]);
      const certificates = [
        { source: '/b.pem', hostnames: [], notBeforeMs: 0, notAfterMs: Date.now() + 9.5 * 86400000 },
        { source: '/a.pem', hostnames: ['shop.example'], notBeforeMs: 0, notAfterMs: Date.now() - 86400000 / 2 },
      ];
      return { services: new Map(services), certificates, target: { currentConnections: 7, reloads: 2 } };
    },
  };`,
});

const failingSink = pluginModule({
  kind: 'sink',
  create: `return {
    async plan() { return { changes: [], warnings: [], async apply() {} }; },
    async statistics() {
      throw Object.assign(new Error('no such socket'), {
        [Symbol.for('signalbox.error')]: true, code: 'SINK_UNREACHABLE', retryable: true, hint: 'start it',
      });
    },
  };`,
});

const files = {
  'counting.js': countingSink,
  'failing.js': failingSink,
  'signalbox.yaml': `${configText}  edge: { type: ./counting.js }\n`,
};

test('status shows a table for each sink, and the certificates that end soonest first', async () => {
  const folder = createPipelineFolder(files);
  const { out, talk, code } = await runCommand(folder, 'status', { FOLDER: folder });
  expect({ talk, code }).toEqual({ talk: '', code: 0 });
  const days = /\d{4}-\d\d-\d\d/g;
  expect(out.replace(days, '<date>')).toMatchInlineSnapshot(`
    "names: keeps no statistics

    edge: 2 services, current connections 7, reloads 2

    SERVICE         UP  SESSIONS  QUEUE  REQUESTS  4XX  5XX  ERRORS  RETRIES  MS
    files:/cart#0  1/2         3      -      1234    9    5       3        -   -
    files:/mail#0  1/2         3      -      1234    9    5       3        -   -

    CERTIFICATE  HOSTNAMES     ENDS        DAYS LEFT
    /a.pem       shop.example  <date>      ended
    /b.pem       -             <date>          9
    "
  `);
});

test('status of one sink; an unknown one is a usage error', async () => {
  const folder = createPipelineFolder(files);
  const one = await runCommand(folder, 'status names', { FOLDER: folder });
  expect(one).toEqual({ code: 0, out: 'names: keeps no statistics\n', talk: '' });
  const wrong = await runCommand(folder, 'status egde', { FOLDER: folder });
  expect(wrong).toMatchObject({ code: 64, talk: expect.stringContaining('known sinks: names, edge') });
});

test('status --json is data for machines, and holds the errors too', async () => {
  const folder = createPipelineFolder({
    ...files,
    'signalbox.yaml': `${files['signalbox.yaml']}  broken: { type: ./failing.js }\n`,
  });
  const { out, code } = await runCommand(folder, 'status --json', { FOLDER: folder });
  expect(code).toBe(69);
  const { sinks } = JSON.parse(out);
  expect(sinks.edge.services['files:/mail#0']).toMatchObject({
    totalRequests: 1234,
    endpoints: { c: { state: 'up' }, gone: { state: 'down', lastCheck: 'refused' } },
  });
  expect(sinks.broken).toEqual({ error: { code: 'SINK_UNREACHABLE', message: 'no such socket', hint: 'start it' } });
});

test('a target that cannot be read is an error of its own, and the others are shown', async () => {
  const folder = createPipelineFolder({
    ...files,
    'signalbox.yaml': `${files['signalbox.yaml']}  broken: { type: ./failing.js }\n`,
  });
  const { out, talk, code } = await runCommand(folder, 'status', { FOLDER: folder });
  expect(out).toContain('edge: 2 services');
  expect(talk).toBe('error: sink broken: no such socket (SINK_UNREACHABLE)\n  hint: start it\n');
  expect(code).toBe(69);
});

test('a source that does not answer is replaced by what it said last, and named', async () => {
  const folder = createPipelineFolder(files);
  const environment = { FOLDER: folder };
  await runCommand(folder, 'apply', environment);
  rmSync(join(folder, 'services.json'));
  const { out, talk, code } = await runCommand(folder, 'status edge', environment);
  expect(out).toContain('files:/cart#0');
  expect(talk).toContain('ENOENT');
  expect(code).toBe(0);
});
