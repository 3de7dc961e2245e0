import assert from 'node:assert/strict';
import {
  type Catalog,
  delay,
  messageOf,
  type Plan,
  type PluginContext,
  type Service,
  type Sink,
  silentLogger,
} from '@signalbox/core';
import { catalogOf } from '../../data/catalog.ts';
import { endpoint } from '../../data/endpoint.ts';
import { service } from '../../data/service.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { settleWithin } from '../support/settle.ts';
import type { SinkHarness, SinkTarget } from './sink-harness.ts';

const defaultTimeoutMs = 15_000;

/** What a case of the sink contract works with. */
export interface Stage {
  // biome-ignore lint/suspicious/noExplicitAny: the options only go back to the plugin they came with
  readonly target: SinkTarget<any>;
  /** Sample services, prepared for this sink. */
  readonly alpha: Service;
  readonly bravo: Service;
  /** `alpha` with another endpoint. */
  readonly scaledAlpha: Service;
  /** A sink of the target that knows nothing of what another did; disposed at the end. */
  createSink(): Sink;
  /** Ends a sink before the end of the stage: files that it writes behind an apply are there afterwards. */
  dispose(sink: Sink): Promise<void>;
  plan(sink: Sink, catalog: Catalog, signal?: AbortSignal): Promise<Plan>;
  apply(plan: Plan): Promise<void>;
  /** Plans and applies. */
  bring(sink: Sink, ...services: Service[]): Promise<Plan>;
  /** Plans, and fails unless the plan is empty. */
  expectInSync(sink: Sink, catalog: Catalog): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnySinkHarness = SinkHarness<any>;

/** A catalog that throws when it is changed. */
export function catalog(...services: Service[]): Catalog {
  return catalogOf(services.map((item) => deepFreeze(item)));
}

export async function withStage(harness: AnySinkHarness, body: (stage: Stage) => Promise<void>): Promise<void> {
  const target = await harness.start();
  const sinks = new Set<Sink>();
  const timeoutMs = harness.timeoutMs ?? defaultTimeoutMs;
  const prepare = (item: Service): Service => harness.prepare?.(item) ?? item;
  const alpha = prepare(sample('alpha', 8_001));
  const stage: Stage = {
    target,
    alpha,
    bravo: prepare(sample('bravo', 8_101)),
    scaledAlpha: { ...alpha, endpoints: [...alpha.endpoints, endpoint({ port: 8_003 })] },
    createSink() {
      const sink: Sink = harness.plugin(target.options);
      sinks.add(sink);
      return sink;
    },
    async dispose(sink) {
      sinks.delete(sink);
      await sink[Symbol.asyncDispose]?.();
    },
    plan: (sink, wanted, signal) => within(sink.plan(wanted, contextOf(signal)), timeoutMs, 'planning'),
    apply: (plan) => within(plan.apply(), timeoutMs, 'applying'),
    async bring(sink, ...services) {
      for (;;) {
        const plan = await stage.plan(sink, catalog(...services));
        await stage.apply(plan);
        if (plan.deferred === undefined) return plan;
        await delay(plan.deferred.afterMs);
      }
    },
    async expectInSync(sink, wanted) {
      const { changes, deferred } = await stage.plan(sink, wanted);
      assert.equal(deferred, undefined, 'the plan after an apply has something to wait for');
      const list = changes.map(({ action, target, summary }) => `${action} ${target}: ${summary}`);
      assert.deepEqual(list, [], 'the plan after an apply is not empty');
    },
  };
  try {
    await body(stage);
  } finally {
    for (const sink of sinks) await sink[Symbol.asyncDispose]?.();
    await target.stop();
  }
}

function sample(name: string, firstPort: number): Service {
  return service(`/contract/${name}`, {
    source: 'contract',
    appProtocol: 'http',
    labels: { team: name, tier: 'front' },
    routes: [{ hostnames: [`${name}.example.com`] }],
    endpoints: [endpoint({ port: firstPort }), endpoint({ port: firstPort + 1 })],
  });
}

function contextOf(signal: AbortSignal = new AbortController().signal): PluginContext {
  return { id: 'contract', signal, logger: silentLogger };
}

async function within<Value>(promise: Promise<Value>, timeoutMs: number, subject: string): Promise<Value> {
  const outcome = await settleWithin(promise, timeoutMs);
  if (outcome.state === 'pending') throw new Error(`${subject} takes longer than ${timeoutMs} ms`);
  if (outcome.state === 'rejected') throw outcome.reason;
  return outcome.value;
}

/** What a promise rejects with. @throws when it resolves. */
export async function rejection(promise: Promise<unknown>, subject: string): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`${subject} should have failed, and did not`);
}

/** @throws unless the error is a SinkError with one of the codes. */
export function expectSinkError(error: unknown, ...codes: string[]): void {
  const { name, code } = Object(error) as { name?: string; code?: string };
  const said = `"${messageOf(error)}" (${name ?? typeof error}, ${code ?? 'no code'})`;
  assert(name === 'SinkError' && codes.includes(code ?? ''), `${said} is not a SinkError with ${codes.join(' or ')}`);
}
