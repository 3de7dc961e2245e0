import { isAbortError, type PluginContext, silentLogger } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { service } from '../data/service.ts';
import { waitFor } from '../wait-for.ts';
import { scriptedSource } from './scripted-source.ts';

const web = service('/web');
const api = service('/api');

function contextOf(signal: AbortSignal = new AbortController().signal): PluginContext {
  return { id: 'test', signal, logger: silentLogger };
}

describe('scriptedSource', () => {
  test('yields each set once, in order, and then waits', async () => {
    const source = scriptedSource([web], [web, api]);
    const watch = source.watch(contextOf())[Symbol.asyncIterator]();
    expect(await watch.next()).toEqual({ done: false, value: [web] });
    expect(await watch.next()).toEqual({ done: false, value: [web, api] });
    const third = watch.next();
    source.push([]);
    expect(await third).toEqual({ done: false, value: [] });
    expect(source.remaining).toBe(0);
  });

  test('throws when told to, and goes on with the next step in the next watch', async () => {
    const source = scriptedSource();
    const failure = new Error('gone');
    source.fail(failure);
    source.push([api]);
    await expect(source.watch(contextOf())[Symbol.asyncIterator]().next()).rejects.toBe(failure);
    expect(source.running).toBe(0);
    expect(await source.watch(contextOf())[Symbol.asyncIterator]().next()).toEqual({ done: false, value: [api] });
    expect([source.starts, source.running]).toEqual([2, 1]);
  });

  test('ends when told to', async () => {
    const source = scriptedSource([web]);
    source.end();
    const updates: unknown[] = [];
    for await (const update of source.watch(contextOf())) updates.push(update);
    expect(updates).toEqual([[web]]);
  });

  test('ends with the abort while it waits', async () => {
    const controller = new AbortController();
    const source = scriptedSource();
    const waiting = source.watch(contextOf(controller.signal))[Symbol.asyncIterator]().next();
    controller.abort();
    const error = await waiting.catch((reason: unknown) => reason);
    expect(isAbortError(error, controller.signal)).toBe(true);
    expect(source.running).toBe(0);
  });

  test('hangs through an abort until it is released', async () => {
    const controller = new AbortController();
    const source = scriptedSource();
    const release = source.hang();
    let settled = false;
    const waiting = source.watch(contextOf(controller.signal))[Symbol.asyncIterator]().next();
    const marked = waiting
      .catch(() => {})
      .then(() => {
        settled = true;
      });
    controller.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    release();
    await marked;
    await waitFor(() => source.running === 0);
  });

  test('wakes every waiting watch', async () => {
    const source = scriptedSource();
    const first = source.watch(contextOf())[Symbol.asyncIterator]().next();
    const second = source.watch(contextOf())[Symbol.asyncIterator]().next();
    source.push([web]);
    source.push([api]);
    const values = [(await first).value, (await second).value];
    expect(values).toContainEqual([web]);
    expect(values).toContainEqual([api]);
  });
});
