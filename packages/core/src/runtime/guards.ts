import { formatAddress } from '../helpers/address.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';
import type { GuardOptions } from './options.ts';
import type { ServiceSet } from './service-set.ts';
import type { GuardHold } from './status.ts';

export type ResolvedGuardOptions = Required<GuardOptions>;

export const guardDefaults: ResolvedGuardOptions = {
  maxRemovedPercent: 50,
  toleratedRemovals: 4,
  minEndpoints: 0,
  onEmpty: 'keep',
  holdTimeoutMs: 600_000,
};

/** A hold without its times, which the caller keeps. */
export type HeldLoss = Omit<GuardHold, 'since' | 'until'>;

export interface GuardInput {
  /** What is in force. */
  readonly previous: ServiceSet;
  /** What the source says now. */
  readonly next: ServiceSet;
  readonly intended: ReadonlySet<string>;
  readonly options: ResolvedGuardOptions;
  /** Whether a loss was confirmed, or has been held for long enough. */
  readonly isReleased: (loss: HeldLoss) => boolean;
}

export interface GuardResult {
  /** `next` itself when nothing is held back. */
  readonly services: ServiceSet;
  readonly holds: readonly HeldLoss[];
}

/**
 * Judges the losses between two sets of one source. Only losses can be held back: what is new or changed passes in any case,
 * so a held service has the endpoints that the source names now and those that it no longer names.
 */
export function applyGuards(input: GuardInput): GuardResult {
  const { previous, next, options, isReleased } = input;
  const losses = findLosses(input);
  if (losses.length === 0) return { services: next, holds: [] };

  const whole = judgeSource(input, losses);
  if (whole !== undefined) {
    // Whoever accepts the loss of the whole has accepted that of each service.
    if (isReleased(whole)) return { services: next, holds: [] };
    return { services: withHeld(previous, next, losses), holds: [whole] };
  }

  const held: Loss[] = [];
  const holds: HeldLoss[] = [];
  for (const loss of losses) {
    const hold = judgeService(loss, options);
    if (hold === undefined || isReleased(hold)) continue;
    held.push(loss);
    holds.push(hold);
  }
  return held.length === 0 ? { services: next, holds } : { services: withHeld(previous, next, held), holds };
}

/** Endpoints of a service that vanished although nobody announced it. */
interface Loss {
  readonly before: Service;
  readonly removed: readonly Endpoint[];
  /** Endpoints that take new traffic, before and after. */
  readonly activeBefore: number;
  readonly activeAfter: number;
}

function findLosses({ previous, next, intended }: GuardInput): readonly Loss[] {
  const losses: Loss[] = [];
  previous.list.forEach((before, position) => {
    if (next.list[position] === before || intended.has(before.id)) return;
    const after = next.getNear(before.id, position);
    if (after === before) return;
    const ids = new Set(after?.endpoints.map((endpoint) => endpoint.id));
    // A draining endpoint has announced its end; that it is gone now is no surprise.
    const removed = before.endpoints.filter((endpoint) => !ids.has(endpoint.id) && endpoint.draining !== true);
    if (removed.length === 0 && after !== undefined) return;
    losses.push({ before, removed, activeBefore: countActive(before), activeAfter: after ? countActive(after) : 0 });
  });
  return losses;
}

/** Replaced endpoints are no loss: a hiccup makes fewer, a restart of all tasks makes others. */
function netLoss(loss: Loss): number {
  return Math.max(0, loss.activeBefore - loss.activeAfter);
}

function judgeSource({ previous, next, options, intended }: GuardInput, losses: readonly Loss[]): HeldLoss | undefined {
  const heldEndpoints = losses.reduce((sum, loss) => sum + loss.removed.length, 0);
  if (next.size === 0 && options.onEmpty !== 'apply') {
    const reason = `the source had ${count(previous.size, 'service')} and now names none`;
    return { rule: 'onEmpty', reason, heldEndpoints };
  }
  const lost = losses.reduce((sum, loss) => sum + netLoss(loss), 0);
  if (lost <= options.toleratedRemovals) return undefined;
  let total = 0;
  for (const service of previous.list) if (!intended.has(service.id)) total += countActive(service);
  return isTooMuch(lost, total, options)
    ? { rule: 'maxRemovedPercent', reason: describeShare(lost, total, 'of the source', options), heldEndpoints }
    : undefined;
}

function judgeService(loss: Loss, options: ResolvedGuardOptions): HeldLoss | undefined {
  const { before, removed, activeBefore, activeAfter } = loss;
  const common = { service: before.id, heldEndpoints: removed.length };
  const lost = netLoss(loss);
  if (isTooMuch(lost, activeBefore, options)) {
    return {
      ...common,
      rule: 'maxRemovedPercent',
      reason: describeShare(lost, activeBefore, 'of the service', options),
    };
  }
  const minimum = Math.min(options.minEndpoints, activeBefore);
  if (activeAfter >= minimum) return undefined;
  const reason = `${count(activeAfter, 'endpoint')} would be left, minEndpoints is ${options.minEndpoints}`;
  return { ...common, rule: 'minEndpoints', reason };
}

function isTooMuch(lost: number, total: number, options: ResolvedGuardOptions): boolean {
  return lost > options.toleratedRemovals && lost * 100 > options.maxRemovedPercent * total;
}

function describeShare(lost: number, total: number, whole: string, options: ResolvedGuardOptions): string {
  return `${lost} of ${count(total, 'endpoint')} ${whole} vanished at once, maxRemovedPercent is ${options.maxRemovedPercent}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function withHeld(previous: ServiceSet, next: ServiceSet, losses: readonly Loss[]): ServiceSet {
  const taken = new Set<string>();
  for (const service of next.list) {
    for (const { address, port } of service.endpoints) taken.add(formatAddress(address, port));
  }
  const services = new Map<string, Service>(next);
  for (const { before, removed } of losses) {
    const after = next.get(before.id);
    // Marathon gives a freed host port to the next task: a held endpoint there would be another service's by now.
    const kept = removed.filter(({ address, port }) => !taken.has(formatAddress(address, port)));
    const endpoints = [...(after?.endpoints ?? []), ...kept];
    services.set(before.id, sameEndpoints(before, endpoints, after) ? before : { ...(after ?? before), endpoints });
  }
  return services.size === previous.size && [...services].every(([id, service]) => previous.get(id) === service)
    ? previous
    : previous.next([...services.values()]);
}

/** A service that vanished whole, and is held whole, stays the same object. */
function sameEndpoints(before: Service, endpoints: readonly Endpoint[], after: Service | undefined): boolean {
  return after === undefined && endpoints.length === before.endpoints.length;
}

const activeCounts = new WeakMap<Service, number>();

function countActive(service: Service): number {
  let active = activeCounts.get(service);
  if (active === undefined) {
    active = service.endpoints.reduce((sum, endpoint) => (endpoint.draining === true ? sum : sum + 1), 0);
    activeCounts.set(service, active);
  }
  return active;
}
