import { type Catalog, Handover, type Plan, silentLogger } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createProxySink, type ProxySinkOptions } from './proxy-sink.ts';

const catalog: Catalog = { version: 1, services: new Map() };
const plan: Plan = { changes: [], warnings: [], apply: async () => {} };

function createScene(options: Partial<ProxySinkOptions> & { readonly held?: boolean } = {}) {
  const { held = true, ...overrides } = options;
  const steps: string[] = [];
  const note = (step: string) => async () => void steps.push(step);
  const sink = createProxySink({
    plan: async () => plan,
    follower: { flush: note('files') },
    lock: { isHeld: async () => held, release: note('lock') },
    close: note('connections'),
    stop: note('proxy'),
    ...overrides,
  });
  const dispose = async () => sink[Symbol.asyncDispose]?.();
  return { sink, steps, dispose };
}

describe('the end of a sink that manages a proxy', () => {
  it('has an order', async () => {
    const { steps, dispose } = createScene();
    await dispose();
    expect(steps).toEqual(['files', 'connections', 'proxy', 'lock']);
  });

  it('leaves the proxy alone that is to stay, that is not ours, and that the next pipeline takes over', async () => {
    const stays = createScene({ stop: undefined });
    const looked = createScene({ held: false });
    const handed = createScene();
    const abort = new AbortController();
    await handed.sink.plan(catalog, { id: 'edge', signal: abort.signal, logger: silentLogger });
    abort.abort(new Handover());
    for (const { dispose, steps } of [stays, looked, handed]) {
      await dispose();
      expect(steps).toEqual(['files', 'connections', 'lock']);
    }
  });

  it('comes also when files cannot be written', async () => {
    const failure = new Error('disk full');
    const { steps, dispose } = createScene({ follower: { flush: () => Promise.reject(failure) } });
    await expect(dispose()).rejects.toBe(failure);
    expect(steps).toEqual(['connections', 'proxy', 'lock']);
  });
});

it('everything else is the sink of its package', async () => {
  const { sink } = createScene({ render: async () => new Map([['a', 'b']]) });
  const context = { id: 'edge', signal: new AbortController().signal, logger: silentLogger };
  expect(await sink.plan(catalog, context)).toBe(plan);
  expect(await sink.render?.(catalog, context)).toEqual(new Map([['a', 'b']]));
  expect(sink.statistics).toBeUndefined();
});
