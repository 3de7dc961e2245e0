import { endpoint, freePort, service } from '@signalbox/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createControlClient } from '../src/control/control-client.ts';
import { type ControlSocket, type ControlState, createControlSocket } from '../src/control/control-socket.ts';
import { formatBatch } from '../src/control/entry-lines.ts';
import { controlSocketPath } from '../src/settings.ts';
import { type Bench, createBench, sync } from './support/bench.ts';

let bench: Bench;
let control: ControlSocket;
let socketPath: string;
let before: { readonly state: ControlState; readonly entries: ReadonlyMap<string, string> };
beforeAll(async () => {
  bench = await createBench({ mode: 'lua', workers: 2 });
  const web = service('web', { appProtocol: 'http', port: await freePort(), endpoints: [endpoint({ port: 1 })] });
  await sync(bench.createSink(), bench.catalog(web), bench);
  socketPath = controlSocketPath(`${bench.directory}/signalbox`);
  control = createControlSocket(socketPath);
});
afterAll(async () => {
  control.close();
  await bench.close();
});
beforeEach(async () => {
  before = { state: await bench.state(), entries: await bench.entries() };
});

const options = () => ({ signal: bench.context.signal, timeoutMs: 30_000 });
const send = (set: ReadonlyMap<string, string>, gone: readonly string[] = []): Promise<ControlState> => {
  const { hash, generation: base = '' } = before.state;
  return control.sendBatch({ hash, base, generation: `${base}+`, set, delete: gone }, options());
};
const expectUnchanged = async (): Promise<void> => {
  expect(await bench.entries()).toEqual(before.entries);
  expect((await bench.state()).generation).toBe(before.state.generation);
};
const texts = (count: number, length: number, name = 'x'): Map<string, string> =>
  new Map(Array.from({ length: count }, (_, index) => [`u/${name}${index}`, `"${'x'.repeat(length)}${index}"`]));

it('sets, replaces and deletes', async () => {
  await send(new Map([...texts(500, 300), ['u/long', `"${'y'.repeat(10_000)}"`]]));
  before = { ...before, state: await bench.state() };
  await send(new Map([['u/x0', '"other"']]), ['u/x1', 'u/never', 'u/long']);
  const entries = await bench.entries();
  expect(entries.size).toBe(before.entries.size + 499);
  expect([entries.get('u/x0'), entries.get('u/x1')]).toEqual(['"other"', undefined]);
  before = { ...before, state: await bench.state() };
  await send(new Map(), [...texts(500, 0).keys()]);
  expect(await bench.entries()).toEqual(before.entries);
});

it.each([
  ['many small entries', 30_000, 300],
  ['few long ones', 300, 40_000],
])('what does not fit changes nothing: %s', async (_, count, length) => {
  const known = [...before.entries.keys()];
  const changed = new Map(known.map((key) => [key, '"changed"']));
  const batch = send(new Map([...changed, ...texts(count, length)]), ['u/never']);
  await expect(batch).rejects.toMatchObject({
    code: 'SINK_APPLY_FAILED',
    hint: expect.stringContaining('dictionaryMebibytes'),
  });
  await expectUnchanged();
});

it('what fits into a dictionary that is nearly full is taken, and what is too much for it is not', async () => {
  await send(texts(11_000, 300));
  before = { state: await bench.state(), entries: await bench.entries() };
  await expect(send(new Map([...texts(11_000, 301), ...texts(20_000, 300, 'y')]))).rejects.toMatchObject({
    code: 'SINK_APPLY_FAILED',
  });
  await expectUnchanged();
  await send(texts(11_000, 299));
  expect((await bench.entries()).get('u/x10999')).toBe(`"${'x'.repeat(299)}10999"`);
  before = { ...before, state: await bench.state() };
  await send(new Map(), [...texts(11_000, 0).keys()]);
});

it('half a batch, and what is none, changes nothing', async () => {
  const { hash, generation: base = '' } = before.state;
  const whole = formatBatch({ hash, base, generation: 'half' }, { set: texts(3, 10), delete: ['u/x0'] });
  const client = createControlClient(socketPath);
  try {
    const starts = [whole.slice(0, -1), whole.slice(0, -8), whole.slice(0, whole.indexOf('u/x1')), whole.slice(0, 20)];
    for (const body of [...starts, `${whole}?u/x\n`, '', '\n', 'k:u/x\n1\n']) {
      expect((await client.ask('/batch', options(), body)).status).toBe(400);
    }
  } finally {
    client.close();
  }
  await expectUnchanged();
});
