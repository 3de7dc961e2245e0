import { SourceError } from '@signalbox/core';
import { expect, test } from 'vitest';
import { Preference } from './preference.ts';

const { signal } = new AbortController();
const down = (server: string): SourceError => new SourceError(`${server} is down`, { code: 'SOURCE_UNREACHABLE' });

test('the server that answered last is asked first', async () => {
  const asked: string[] = [];
  const servers = new Preference(['a', 'b'], 'none answered');
  const ask = async (server: string): Promise<string> => {
    asked.push(server);
    if (server === 'a') throw down(server);
    return server;
  };
  expect(await servers.first(ask, signal)).toBe('b');
  expect(await servers.first(ask, signal)).toBe('b');
  expect(asked).toEqual(['a', 'b', 'b']);
});

test('who asks while another finds the better server still asks each once', async () => {
  const servers = new Preference(['a', 'b'], 'none answered');
  const asked: string[] = [];
  let endWait = (): void => {};
  const slow = new Promise<void>((resolve) => {
    endWait = resolve;
  });
  const late = servers.first(async (server) => {
    asked.push(server);
    if (server === 'b') return server;
    await slow;
    throw down(server);
  }, signal);
  expect(await servers.first(async (server) => (server === 'a' ? Promise.reject(down(server)) : server), signal)).toBe(
    'b',
  );
  endWait();
  expect(await late).toBe('b');
  expect(asked).toEqual(['a', 'b']);
});

test('one error names all servers; a mistake of our own is not one of them', async () => {
  const servers = new Preference(['a', 'b'], 'none answered');
  await expect(servers.first(async (server) => Promise.reject(down(server)), signal)).rejects.toThrow(
    'none answered: a is down; b is down',
  );
  await expect(servers.some(async (server) => Promise.reject(down(server)), signal)).rejects.toThrow('none answered');
  const mistake = new TypeError('a mistake');
  await expect(servers.first(() => Promise.reject(mistake), signal)).rejects.toBe(mistake);
});
