import { type PluginContext, SinkError, silentLogger } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { catalogOf } from '../data/catalog.ts';
import { service } from '../data/service.ts';
import { memorySink } from './memory-sink.ts';

const catalog = catalogOf([service('/web'), service('/api')]);
const context: PluginContext = { id: 'test', signal: new AbortController().signal, logger: silentLogger };

describe('memorySink', () => {
  test('plans what differs, and applies it', async () => {
    const sink = memorySink();
    const plan = await sink.plan(catalog, context);
    expect(plan.changes.map(({ action, target }) => `${action} ${target}`)).toEqual([
      'create test:/api#0',
      'create test:/web#0',
    ]);
    expect(sink.services.size).toBe(0);
    await plan.apply();
    expect(sink.applied).toEqual([catalog]);
    expect((await sink.plan(catalog, context)).changes).toEqual([]);

    const next = await sink.plan(catalogOf([service('/web', { endpoints: 3 })]), context);
    expect(next.changes.map(({ action, target }) => `${action} ${target}`)).toEqual([
      'delete test:/api#0',
      'update test:/web#0',
    ]);
  });

  test('fails as often as it was told', async () => {
    const sink = memorySink();
    sink.failNext('plan');
    await expect(sink.plan(catalog, context)).rejects.toBeInstanceOf(SinkError);
    const plan = await sink.plan(catalog, context);
    const failure = new Error('disk full');
    sink.failNext('apply', { error: failure, times: 2 });
    await expect(plan.apply()).rejects.toBe(failure);
    await expect(plan.apply()).rejects.toBe(failure);
    await plan.apply();
    expect(sink.services.size).toBe(2);
  });

  test('waits until it is released', async () => {
    const sink = memorySink();
    const release = sink.pause('apply');
    const plan = await sink.plan(catalog, context);
    const applied = plan.apply();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sink.applied).toEqual([]);
    release();
    await applied;
    expect(sink.applied).toEqual([catalog]);
  });

  test('leaves the target alone when a waiting apply is aborted', async () => {
    const controller = new AbortController();
    const sink = memorySink();
    sink.pause('apply');
    const plan = await sink.plan(catalog, { ...context, signal: controller.signal });
    const applied = plan.apply();
    controller.abort();
    await expect(applied).rejects.toBe(controller.signal.reason);
    expect(sink.services.size).toBe(0);
  });

  test('refuses a plan for a target that changed since', async () => {
    const sink = memorySink();
    const plan = await sink.plan(catalog, context);
    sink.tamper('test:/other#0', service('/other'));
    await expect(plan.apply()).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED' });
    expect([...sink.services.keys()]).toEqual(['test:/other#0']);
  });

  test('knows that it was disposed', async () => {
    const sink = memorySink();
    await sink[Symbol.asyncDispose]?.();
    expect(sink.disposed).toBe(true);
  });
});
