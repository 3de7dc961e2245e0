import { writeFile } from 'node:fs/promises';
import { freePort } from '@signalbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addMapCommand,
  deleteMapCommand,
  readMap,
  readMapValue,
  replaceMap,
  setMapCommand,
} from '../../src/control/maps.ts';
import { readProcessInfo } from '../../src/control/process-info.ts';
import { reloadThroughMaster } from '../../src/control/reload.ts';
import { openRuntime } from '../../src/control/runtime-connection.ts';
import { adminStateBits, formatServerStateFile, readServerStates } from '../../src/control/server-state.ts';
import { readStatisticsTable } from '../../src/control/statistics-table.ts';
import { capabilitiesOf } from '../../src/control/version.ts';
import { createTestHaproxy, signal, type TestHaproxy } from './haproxy-process.ts';

let haproxy: TestHaproxy;
let port: number;
beforeAll(async () => {
  haproxy = await createTestHaproxy();
  port = await freePort();
  await haproxy.writeConfig({ port });
  await haproxy.process.ensureRunning({ signal });
});
afterAll(() => haproxy[Symbol.asyncDispose]());

const open = () => openRuntime(haproxy.runtimeSocket, { signal });

describe('the runtime connection', () => {
  test('matches each reply to its command, errors and empty ones included', async () => {
    await using connection = await open();
    const replies = await connection.send([
      'show map /nope',
      'set server app/one weight 5',
      'set server app/nope state ready',
      'get weight app/one',
      'set server app/one state ready',
    ]);
    expect(replies).toEqual([
      'Unknown map identifier. Please use #<id> or <file>.',
      '',
      'No such server.',
      '5 (initial 1)',
      '',
    ]);
    expect(await connection.send([])).toEqual([]);
  });

  test('2,500 commands keep their order, also when calls overlap', async () => {
    await using connection = await open();
    const commands = Array.from({ length: 2_500 }, (_, index) => `set server app/no${index} state ready`);
    commands[1_234] = 'get weight app/one';
    const [replies, others] = await Promise.all([connection.send(commands), connection.send(['show backend'])]);
    expect(replies).toHaveLength(2_500);
    expect(replies.indexOf('5 (initial 1)')).toBe(1_234);
    expect(others).toEqual(['# name\napp']);
  });

  test('reads what the process says of itself', async () => {
    await using connection = await open();
    const info = await readProcessInfo(connection);
    const processes = await haproxy.process.inspect(signal);
    expect(info).toMatchObject({ description: 'first', stopping: false, pid: processes?.worker?.pid });
    expect(capabilitiesOf(info.version).deleteServer).toBe(!info.version.startsWith('2.'));
  });

  test('hands a reply on while it comes, in the order of the commands, and leaves the others alone', async () => {
    await using connection = await open();
    const states: string[] = [];
    const fill = Array.from({ length: 450 }, (_, index) => `set server app/no${index} state ready`);
    const onPiece = (piece: string): void => void states.push(piece);
    const replies = await connection.send(['get weight app/one', ...fill, { command: 'show servers state', onPiece }]);
    expect(replies).toEqual(['5 (initial 1)', ...fill.map(() => 'No such server.'), '']);
    expect(states.join('').trim()).toBe((await connection.send(['show servers state']))[0]);
  });

  test('sends nothing when one command must not be sent', async () => {
    await using connection = await open();
    await expect(
      connection.send(['set server app/one weight 9', 'show info;disable server app/one']),
    ).rejects.toMatchObject({ code: 'SINK_APPLY_FAILED', retryable: false });
    expect(await connection.send(['get weight app/one'])).toEqual(['5 (initial 1)']);
  });

  test('ends with the signal, and says so to later calls', async () => {
    const controller = new AbortController();
    await using connection = await openRuntime(haproxy.runtimeSocket, { signal: controller.signal });
    const sending = connection.send(Array.from({ length: 5_000 }, () => 'show info'));
    controller.abort(new Error('stop'));
    await expect(sending).rejects.toThrow('stop');
    await expect(connection.send(['show info'])).rejects.toThrow('stop');
  });

  test('cannot be used after it was disposed', async () => {
    const connection = await open();
    await connection[Symbol.asyncDispose]();
    await expect(connection.send(['show info'])).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
  });
});

test('a server that is added as `enabled` is refused, or takes no traffic for good; one that is made ready does', async () => {
  await using connection = await open();
  const countActive = async (): Promise<number | undefined> =>
    (await readStatisticsTable(connection))
      .find((row) => row.backend === 'app' && row.server === undefined)
      ?.number('act');
  const before = (await countActive()) ?? Number.NaN;
  const [added, ready] = await connection.send([
    'add server app/enabled 127.0.0.1:20009 enabled',
    'set server app/enabled state ready',
  ]);
  expect([added, ready]).toEqual(
    added === 'New server registered.'
      ? [added, '']
      : [expect.stringContaining("'enabled' option is not accepted for dynamic server"), 'No such server.'],
  );
  expect(await countActive()).toBe(before);
  expect(await connection.send(['add server app/late 127.0.0.1:20009', 'set server app/late state ready'])).toEqual([
    'New server registered.',
    '',
  ]);
  expect(await countActive()).toBe(before + 1);
});

describe('maps', () => {
  test('single changes', async () => {
    await using connection = await open();
    const { mapPath } = haproxy;
    expect(
      await connection.send([
        setMapCommand(mapPath, 'rev', '7'),
        setMapCommand(mapPath, 'new', 'x'),
        addMapCommand(mapPath, 'shop.test/a%20b/', 'a_shop_1'),
        deleteMapCommand(mapPath, 'gone'),
      ]),
    ).toEqual(['', 'entry not found.', '', 'Key not found.']);
    expect(await readMapValue(connection, mapPath, 'rev')).toBe('7');
    expect(await readMapValue(connection, mapPath, 'nope')).toBeUndefined();
    expect(await readMap(connection, mapPath)).toEqual([
      { key: 'owner', value: 'me' },
      { key: 'rev', value: '7' },
      { key: 'shop.test/a%20b/', value: 'a_shop_1' },
    ]);
  });

  test('whole replacement, larger than any buffer', async () => {
    await using connection = await open();
    const entries = Array.from({ length: 3_000 }, (_, index) => ({ key: `host-${index}.test`, value: `a_${index}` }));
    await replaceMap(connection, haproxy.mapPath, entries);
    expect(await readMap(connection, haproxy.mapPath)).toEqual(entries);
    await replaceMap(connection, haproxy.mapPath, [{ key: 'rev', value: '1' }]);
    expect(await readMap(connection, haproxy.mapPath)).toEqual([{ key: 'rev', value: '1' }]);
  });

  test('a map that the configuration does not reference', async () => {
    await using connection = await open();
    const failure = { code: 'SINK_APPLY_FAILED', hint: expect.stringContaining('reload') };
    await expect(readMap(connection, '/no.map')).rejects.toMatchObject(failure);
    await expect(readMapValue(connection, '/no.map', 'rev')).rejects.toMatchObject(failure);
    await expect(replaceMap(connection, '/no.map', [])).rejects.toMatchObject(failure);
  });
});

describe('the state of the servers', () => {
  test('a reload restores only the rows that were kept', async () => {
    const servers = ['one', 'two', 'three'].map((name, index) => `server ${name} 127.0.0.1:2000${index} weight 10`);
    await haproxy.writeConfig({ port, servers });
    await reloadThroughMaster(haproxy.process.masterSocketPath, { signal });
    {
      await using connection = await open();
      await connection.send([
        'set server app/one state drain',
        'set server app/two state maint',
        'set server app/three weight 3',
      ]);
      const table = await readServerStates(connection, 'app');
      expect(table.servers.map(({ server, address, port, adminState }) => [server, address, port, adminState])).toEqual(
        [
          ['one', '127.0.0.1', 20_000, adminStateBits.forcedDrain],
          ['two', '127.0.0.1', 20_001, adminStateBits.forcedMaintenance],
          ['three', '127.0.0.1', 20_002, 0],
        ],
      );
      const text = formatServerStateFile(table, ({ server }) => {
        if (server === 'two') return undefined;
        return server === 'three' ? { weight: 4, adminState: adminStateBits.forcedDrain } : {};
      });
      await writeFile(haproxy.statePath, text);
    }
    await reloadThroughMaster(haproxy.process.masterSocketPath, { signal });
    await using connection = await open();
    const { servers: restored } = await readServerStates(connection);
    expect(restored.map(({ server, adminState, weight }) => [server, adminState, weight])).toEqual([
      ['one', adminStateBits.forcedDrain, 10],
      ['two', 0, 10],
      ['three', adminStateBits.forcedDrain, 4],
    ]);
  });

  test('an unknown backend', async () => {
    await using connection = await open();
    await expect(readServerStates(connection, 'nope')).rejects.toMatchObject({ code: 'SINK_APPLY_FAILED' });
  });
});
