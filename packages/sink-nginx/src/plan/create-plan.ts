import {
  type Catalog,
  messageOf,
  type Plan,
  type PlannedChange,
  type PluginContext,
  type SinkError,
  type Warning,
} from '@signalbox/core';
import { applyOnce, describeCertificateWarnings, hashTexts } from '@signalbox/sink-kit';
import { type ApplyInput, applyPlan } from '../apply/apply-plan.ts';
import { type Entries, upstreamKey } from '../desired/entries.ts';
import type { Desired } from '../desired/model.ts';
import { lookAtTarget, type RunningTarget, type Target } from '../observed/look-at-target.ts';
import { renderFiles } from '../render/files.ts';
import { type Equipment, equip, type SinkState } from '../sink-state.ts';
import { describeEntries, diffEntries, type EntryDiff, isEmptyDiff } from './entry-diff.ts';
import { type SettledDesired, settleDesired } from './settle-desired.ts';

export async function createPlan(state: SinkState, catalog: Catalog, context: PluginContext): Promise<Plan> {
  const { signal } = context;
  signal.throwIfAborted();
  const equipment = await equip(state, signal);
  const again = state.lookAgain || state.catalogVersion === catalog.version;
  if (again || state.catalogVersion === undefined) await state.certificates?.refresh(signal);
  const known = again ? undefined : recallTarget(state);
  let draft = await draftPlan(state, catalog, { equipment, again, signal }, known);
  if (known !== undefined && !provesItself(draft)) {
    const target = await lookAtTarget(state, false, signal);
    if (target.kind !== 'running' || target.observed !== known.observed) {
      draft = await draftPlan(state, catalog, { equipment, again, signal }, target);
    }
  }
  return finishPlan(state, catalog, { equipment, again, signal }, draft);
}

interface PlanOptions {
  readonly equipment: Equipment;
  /** Nothing is trusted. */
  readonly again: boolean;
  readonly signal: AbortSignal;
}

/** What differs, before anything is made of it. */
interface Draft extends SettledDesired {
  readonly target: Target;
  /** Everything was compared. */
  readonly full: boolean;
  /** The same map for each draft. */
  readonly entries: Entries;
  readonly diff: EntryDiff;
  /** Why a reload is needed. */
  readonly reason: string | undefined;
}

/**
 * nginx as it was left, unasked. That is enough for changes of the dictionary: a batch names the configuration and the generation that it was made for,
 * and any other nginx refuses it.
 */
function recallTarget({ known }: SinkState): RunningTarget | undefined {
  return known?.mark.generation === undefined ? undefined : { kind: 'running', observed: known, full: false };
}

function provesItself({ diff, reason }: Draft): boolean {
  return reason === undefined && !isEmptyDiff(diff);
}

async function draftPlan(
  state: SinkState,
  catalog: Catalog,
  options: PlanOptions,
  known: Target | undefined,
): Promise<Draft> {
  const target = known ?? (await lookAtTarget(state, options.again, options.signal));
  const full = target.kind !== 'running' || target.full;
  const settled = await settleDesired(state, catalog, target, { ...options, full });
  const entries = state.entryKeeper.update(settled.desired, state.touched);
  const diff = diffTarget(state, { desired: settled.desired, entries, target, full });
  return { ...settled, target, full, entries, diff, reason: reloadReason(target, settled.structure.hash) };
}

async function finishPlan(
  state: SinkState,
  catalog: Catalog,
  { equipment, again, signal }: PlanOptions,
  { desired, structure, refusal, target, full, entries, diff, reason }: Draft,
): Promise<Plan> {
  const deferred =
    reason !== undefined && target.kind === 'running'
      ? state.swap.defer({ hash: structure.hash, again }, reason)
      : undefined;
  const reload = reason !== undefined && deferred === undefined;
  const atRuntime = hasDictionary(target) ? diff : noDiff;
  const before = target.kind === 'running' ? target.observed.entries : noEntries;
  const { settings, renderSnapshot } = state;
  const { mode } = equipment.render;
  const render = (rendered: Entries) => renderFiles(structure, rendered, { settings, mode, renderSnapshot });
  // What a reload is made of must not change any more.
  const swap = reload ? { entries: new Map(entries), files: render(entries) } : undefined;
  const stale =
    reason === undefined && full && isEmptyDiff(atRuntime)
      ? await state.config.findStale(() => hashTexts(render(entries)), { mayFollow: true, signal })
      : [];
  const changes = [
    ...describeEntries(atRuntime, before, desired, 'runtime'),
    ...(reload ? describeReload(state, { desired, target, diff, reason }) : []),
    ...stale,
    ...(reload || stale.length > 0 ? await state.config.describeTakeover() : []),
  ];
  const configHash = !reload && stale.length === 0 ? undefined : await state.config.hash();
  state.catalogVersion = catalog.version;
  state.lookAgain = false;
  if (changes.length === 0 && deferred === undefined) {
    state.touched.clear();
    state.routesVersion = desired.structureVersion;
  }
  const input: ApplyInput = {
    structureVersion: desired.structureVersion,
    structure,
    render,
    target,
    diff: atRuntime,
    swap,
    complete: deferred === undefined,
    refusal,
    again,
    staleFiles: stale.length > 0 ? render(entries) : undefined,
    configHash,
  };
  return {
    changes,
    warnings: [...describeWarnings(desired, { refusal, warning: equipment.warning }), ...describeCertificates(state)],
    ...(deferred === undefined ? {} : { deferred }),
    apply: applyOnce(changes, () => applyPlan(state, input, signal)),
  };
}

const noEntries: Entries = new Map();
const noDiff: EntryDiff = { set: new Map(), delete: [] };

/** Whether what runs takes changes without a reload. */
function hasDictionary(target: Target): boolean {
  return target.kind === 'running' && target.observed.mark.generation !== undefined;
}

interface DiffInput {
  readonly desired: Desired;
  readonly entries: Entries;
  readonly target: Target;
  readonly full: boolean;
}

function diffTarget(state: SinkState, { desired, entries, target, full }: DiffInput): EntryDiff {
  if (target.kind !== 'running') return { set: entries, delete: [] };
  const { entries: before } = target.observed;
  if (full || state.routesVersion !== desired.structureVersion) return diffEntries(before, entries);
  return diffEntries(before, entries, [...state.touched].map(upstreamKey).sort());
}

function reloadReason(target: Target, hash: string): string | undefined {
  if (target.kind === 'stopped') return 'it does not run';
  if (target.kind === 'foreign') return 'it runs a configuration that is not ours';
  if (target.observed.mark.hash === hash) return undefined;
  return hasDictionary(target) ? 'ports or settings changed' : 'endpoints, routes or settings changed';
}

function describeReload(
  state: SinkState,
  { desired, target, diff, reason }: { desired: Desired; target: Target; diff: EntryDiff; reason: string },
): readonly PlannedChange[] {
  const { configPath } = state.settings;
  const before = target.kind === 'running' ? target.observed.entries : noEntries;
  // In Lua mode these are made at runtime, before it.
  const parts = hasDictionary(target) ? [] : describeEntries(diff, before, desired, 'reload');
  const services = [...new Set(parts.flatMap((part) => part.services))].sort();
  if (target.kind === 'stopped') {
    return [...parts, { action: 'create', target: configPath, summary: 'nginx process started', services }];
  }
  return [...parts, { action: 'reload', target: configPath, summary: `nginx reloads: ${reason}`, services }];
}

function describeCertificates({ certificates, settings }: SinkState): readonly Warning[] {
  if (certificates === undefined || settings.certificates === undefined) return [];
  return describeCertificateWarnings(certificates, settings.certificates);
}

/** Applying would end with a refusal: it is said beforehand, in nginx's words. */
function describeWarnings(
  desired: Desired,
  { refusal, warning }: { readonly refusal: SinkError | undefined; readonly warning: string | undefined },
): readonly Warning[] {
  const words = refusal?.output?.split('\n').find((line) => line.includes('[emerg]'));
  return [
    ...desired.warnings,
    ...(warning === undefined ? [] : [{ message: warning }]),
    ...(refusal === undefined
      ? []
      : [{ message: `nginx refuses the configuration, and no service is to blame: ${words ?? messageOf(refusal)}` }]),
  ];
}
