import { expect, it } from 'vitest';
import { serverName } from './names.ts';

it('an endpoint that moved or became a backup is another server', () => {
  const place = { address: '127.0.0.1', port: 31_000 };
  const names = [
    serverName(place, { id: 'task' }),
    serverName(place, { id: 'task', backup: true }),
    serverName({ ...place, port: 31_001 }, { id: 'task' }),
  ];
  expect(new Set(names).size).toBe(3);
  expect(serverName(place, { id: 'task', backup: false })).toBe(names[0]);
});
