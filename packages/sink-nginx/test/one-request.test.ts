import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endpoint, freePort, request, service, startOrigin, waitFor } from '@signalbox/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ControlSocket } from '../src/control/control-socket.ts';
import { findMaster, requestReload, stopNginx } from '../src/control/process.ts';
import { nginxOptions } from '../src/options.ts';
import { createPlan } from '../src/plan/create-plan.ts';
import { toSettings } from '../src/settings.ts';
import { createSinkState, type SinkState } from '../src/sink-state.ts';
import { type Bench, createBench, summaries } from './support/bench.ts';

let bench: Bench;
let state: SinkState;
let asked: string[];
beforeEach(async () => {
  bench = await createBench({ mode: 'lua', workers: 1 });
  const created = createSinkState(toSettings(nginxOptions.parse(bench.options)));
  asked = [];
  const { control } = created;
  const count = (what: string): ControlSocket => {
    asked.push(what);
    return control;
  };
  state = {
    ...created,
    control: {
      ...control,
      readState: (options) => count('state').readState(options),
      readEntries: (options) => count('entries').readEntries(options),
      sendBatch: (batch, options) => count(`batch of ${batch.set.size}`).sendBatch(batch, options),
    },
  };
});
afterEach(async () => {
  await state.follower.flush();
  await state.lock.release();
  state.control.close();
  await bench.close();
});

const port = await freePort();
const web = (...ports: number[]) =>
  service('web', { appProtocol: 'http', port, endpoints: ports.map((each) => endpoint({ port: each })) });

const plan = (...ports: number[]) => createPlan(state, bench.catalog(web(...ports), service('other')), bench.context);

async function bring(...ports: number[]): Promise<readonly string[]> {
  const planned = await plan(...ports);
  await planned.apply();
  return summaries(planned);
}

it('a change of endpoints is one request to nginx, and that there is nothing to do is another', async () => {
  await using one = await startOrigin('one');
  await bring(1);
  asked.length = 0;
  await bring(one.port, 2);
  await bring(one.port);
  expect(asked).toEqual(['batch of 1', 'batch of 1']);
  expect((await request(port)).body).toBe('one');
  expect((await plan(one.port)).changes).toEqual([]);
  expect(asked).toEqual(['batch of 1', 'batch of 1', 'state']);
});

it('a batch is refused by another process, and by another configuration of the same one', async () => {
  await bring(1);
  const config = await bench.readConfig();
  const { hash } = await bench.state();
  await writeFile(bench.config, config.replaceAll(hash, 'by-hand'));
  await requestReload(state.settings, bench.context.signal);
  // Old and new workers answer in turns for a moment.
  await waitFor(async () => (await bench.state()).hash === 'by-hand');
  await expect(bring(2)).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED' });
  expect(JSON.stringify([...(await bench.entries()).values()])).not.toContain('\\"port\\":2,');
  expect((await bring(2)).join()).toContain('nginx reloads');
  await bench.restart();
  await expect(bring(3)).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED' });
  await stopNginx(state.settings, bench.context.signal);
  expect((await bring(3)).join()).toContain('nginx process started');
});

it('an nginx that ended unseen is started by the plan after the one that met it', async () => {
  await bring(1);
  await stopNginx(state.settings, bench.context.signal);
  await expect(bring(2)).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED' });
  expect((await bring(2)).join()).toContain('nginx process started');
});

it('an nginx with Lua code of another version is reloaded before it is told anything', async () => {
  await bring(1);
  const path = join(bench.directory, 'signalbox', 'lua', 'signalbox', 'control.lua');
  await writeFile(path, (await readFile(path, 'utf8')).replace('local protocol = 2', 'local protocol = nil'));
  await requestReload(state.settings, bench.context.signal);
  await waitFor(async () => (await bench.state()).protocol === undefined);
  state.lookAgain = true;
  const master = await findMaster(state.settings);
  asked.length = 0;
  expect((await bring(2)).join()).toContain('nginx reloads');
  expect(asked.indexOf('batch of 1')).toBe(asked.length - 1);
  expect([(await bench.state()).protocol, await findMaster(state.settings)]).toEqual([2, master]);
  expect([...(await bench.entries()).values()].join()).toContain('"port":2');
});
