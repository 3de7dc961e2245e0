import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { parseServersByBackend } from './servers.ts';

const header = '1\n# be_name srv_name srv_addr srv_port srv_uweight srv_admin_state srv_check_state';

function table(...rows: readonly string[]): string {
  return `${[header, ...rows].join('\n')}\n`;
}

it('reads the servers of each backend, in the order of HAProxy', () => {
  const found = parseServersByBackend(
    table('a e1 10.0.0.1 80 1 0 0', 'a e2 ::1 81 256 8 6', 'b e1 10.0.0.1 80 0 1 2', 'c e1 10.0.0.2 1 1 9 12'),
  );
  expect([...(found.get('a') ?? [])]).toEqual([
    ['e1', { address: '10.0.0.1', port: 80, weight: 1, state: 'ready', checking: false }],
    ['e2', { address: '::1', port: 81, weight: 256, state: 'drain', checking: true }],
  ]);
  expect(found.get('b')?.get('e1')).toMatchObject({ weight: 0, state: 'maintenance', checking: false });
  expect(found.get('c')?.get('e1')).toMatchObject({ state: 'maintenance', checking: true });
});

const rows = ['a e1 10.0.0.1 80 1 0 6', 'a e2 10.0.0.2 80 1 0 6', 'a e3 10.0.0.3 80 1 0 6', 'b e1 10.0.0.1 80 1 0 6'];

it.each([
  ['as they were', rows],
  ['with one more', [...rows.slice(0, 3), 'a e4 10.0.0.4 80 1 0 6', ...rows.slice(3)]],
  ['with one more in front', ['a e0 10.0.0.4 80 1 0 6', ...rows]],
  ['without the first', rows.slice(1)],
  ['in another order', rows.toReversed()],
])('what did not change is the same object: %s', (_, after) => {
  const before = parseServersByBackend(table(...rows));
  const found = parseServersByBackend(table(...after), before);
  expect(found).toEqual(parseServersByBackend(table(...after)));
  for (const [backend, servers] of found) {
    for (const [name, server] of servers) {
      const known = before.get(backend)?.get(name);
      if (known !== undefined) expect(server).toBe(known);
    }
  }
});

it.each([
  'a e1 10.0.0.9 80 1 0 6',
  'a e1 10.0.0.1 81 1 0 6',
  'a e1 10.0.0.1 80 2 0 6',
  'a e1 10.0.0.1 80 1 8 6',
  'a e1 10.0.0.1 80 1 0 2',
])('every change is seen: %s', (row) => {
  const before = parseServersByBackend(table(...rows));
  const found = parseServersByBackend(table(row, ...rows.slice(1)), before);
  expect(found).toEqual(parseServersByBackend(table(row, ...rows.slice(1))));
  expect(found).not.toEqual(before);
  expect(found.get('a')?.get('e2')).toBe(before.get('a')?.get('e2'));
});

it('reading one backend again looks at no other one', () => {
  const before = parseServersByBackend(table(...rows));
  const all = vi.spyOn(before, 'entries');
  const found = parseServersByBackend(table('b e1 10.0.0.1 80 1 0 6'), before);
  expect(found.get('b')?.get('e1')).toBe(before.get('b')?.get('e1'));
  expect(all).not.toHaveBeenCalled();
});

it('names and addresses do not keep the answer of which they were a part', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const parse = (): unknown => {
    const text = `${header} ${'x'.repeat(4_000_000)}\na_long_backend e_abcdefghijklmnop 192.168.100.100 80 1 0 0\n`;
    return parseServersByBackend(text);
  };
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: 10 }, parse);
  collectGarbage();
  expect(kept).toHaveLength(10);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
});
