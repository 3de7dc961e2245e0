import {
  type Catalog,
  messageOf,
  type Plan,
  type PlannedChange,
  type PluginContext,
  type SinkError,
  type Warning,
} from '@signalbox/core';
import { applyOnce, describeCertificateWarnings } from '@signalbox/sink-kit';
import { type ApplyInput, applyPlan } from '../apply/apply-plan.ts';
import { type Entries, toEntries, upstreamKey } from '../desired/entries.ts';
import type { Desired } from '../desired/model.ts';
import { lookAtTarget, type Target } from '../observed/look-at-target.ts';
import { renderFiles } from '../render/files.ts';
import { equip, type SinkState } from '../sink-state.ts';
import { describeEntries, diffEntries, type EntryDiff, isEmptyDiff } from './entry-diff.ts';
import { settleDesired } from './settle-desired.ts';

export async function createPlan(state: SinkState, catalog: Catalog, context: PluginContext): Promise<Plan> {
  const { signal } = context;
  signal.throwIfAborted();
  const equipment = await equip(state, signal);
  const { mode } = equipment.render;
  const again = state.lookAgain || state.catalogVersion === catalog.version;
  if (again || state.catalogVersion === undefined) await state.certificates?.refresh(signal);
  const target = await lookAtTarget(state, again, signal);
  const full = target.kind !== 'running' || target.full;
  const { desired, structure, refusal } = await settleDesired(state, catalog, target, {
    equipment,
    full,
    again,
    signal,
  });
  const entries = toEntries(desired);
  const diff = diffTarget(state, { desired, entries, target, full });
  const reason = reloadReason(target, structure.hash);
  const deferred =
    reason !== undefined && target.kind === 'running'
      ? state.swap.defer({ hash: structure.hash, again }, reason)
      : undefined;
  const reload = reason !== undefined && deferred === undefined;
  const atRuntime = hasDictionary(target) ? diff : noDiff;
  const before = target.kind === 'running' ? target.observed.entries : noEntries;
  const files = renderFiles(structure, entries, { settings: state.settings, mode });
  const stale =
    reason === undefined && full && isEmptyDiff(atRuntime)
      ? await state.config.findStale(() => files, { mayFollow: true, signal })
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
    desired,
    structure,
    entries,
    files,
    target,
    diff: atRuntime,
    reload,
    complete: deferred === undefined,
    refusal,
    again,
    staleFiles: stale.length > 0,
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
  const isCreated = target.kind !== 'running';
  // In Lua mode these are made at runtime, before it.
  const parts = hasDictionary(target) ? [] : describeEntries(diff, before, desired, isCreated ? 'create' : 'update');
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
