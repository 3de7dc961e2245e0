import {
  type Catalog,
  messageOf,
  type Plan,
  type PlannedChange,
  type PluginContext,
  type SinkError,
} from '@signalbox/core';
import { applyOnce } from '@signalbox/sink-kit';
import { applyWithCertificates } from '../apply/apply-certificates.ts';
import type { ApplyInput } from '../apply/apply-plan.ts';
import type { Desired } from '../desired/model.ts';
import { lookAtTarget, type Target } from '../observed/look-at-target.ts';
import type { Observed } from '../observed/model.ts';
import type { SinkState } from '../sink-state.ts';
import { type Placed, placesOf } from '../structure/placed-desired.ts';
import { isServiceBackend } from '../structure/spares.ts';
import type { RuntimeChange } from './runtime-change.ts';
import { diffRuntime } from './runtime-diff.ts';
import { findMovedServer } from './server-diff.ts';
import { describeDesired, settleDesired } from './settle-desired.ts';
import { findStaleFiles } from './stale-files.ts';
import { describeReload } from './structure-diff.ts';

export async function createPlan(state: SinkState, catalog: Catalog, context: PluginContext): Promise<Plan> {
  const { signal } = context;
  const again = state.lookAgain || (state.catalogVersion === catalog.version && !state.stepDue);
  if (again || state.catalogVersion === undefined) {
    await state.certificates?.store.refresh(signal);
    await state.clientAuthorities?.refresh(signal);
  }
  // The question is on its way to HAProxy when the description begins.
  const [target, described] = await Promise.all([lookAtTarget(state, again, signal), describeDesired(state, catalog)]);
  const full = target.kind !== 'running' || target.full;
  if (target.kind === 'running') state.refusals.startFor(target.observed.mark.pid);
  const needsReload = (found: Placed | undefined): boolean => reloadReason(state, found, target) !== undefined;
  const { desired, hash, placed, refusal } = await settleDesired(state, catalog, target, {
    described,
    full,
    again,
    needsReload,
    signal,
  });
  state.refill.note(placed?.scarce, desired.structureVersion);
  if (placed?.lacking.size === 0) state.refusals.forgetPlaces();
  const runtime =
    target.kind === 'running' && placed !== undefined ? planRuntime(state, placed, target.observed, full) : [];
  const pid = target.kind === 'running' ? target.observed.mark.pid : undefined;
  const certificates = await state.certificates?.plan({ pid, full }, signal);
  const reason = reloadReason(state, placed, target) ?? certificates?.reloadReason;
  const files =
    reason === undefined && runtime.length === 0 && (full || state.running?.hash !== hash)
      ? await findStaleFiles(state, desired, target, signal)
      : [];
  const deferred =
    reason !== undefined && target.kind === 'running' ? state.swap.defer({ hash, again }, reason) : undefined;
  const reload = reason !== undefined && deferred === undefined;
  const changes = [
    ...(certificates?.changes ?? []),
    ...runtime.map(({ change }) => change),
    ...(reload ? describeStructure(state, desired, target, reason) : []),
    ...files,
    ...(reload || files.length > 0 ? await state.config.describeTakeover() : []),
  ];
  const configHash = !reload && files.length === 0 ? undefined : await state.config.hash();
  state.catalogVersion = catalog.version;
  state.lookAgain = false;
  state.stepDue = false;
  if (reason === undefined && runtime.length === 0) state.mapsVersion = desired.structureVersion;
  const input: ApplyInput = {
    desired,
    hash,
    target,
    mark: target.kind === 'running' ? target.observed.mark : undefined,
    runtime,
    placed,
    reload,
    complete: deferred === undefined,
    refusal,
    again,
    staleFiles: files.length > 0,
    configHash,
  };
  return {
    changes,
    warnings: [
      ...desired.warnings,
      ...(certificates?.warnings ?? []),
      ...(state.clientAuthorities?.problems ?? []).map((message) => ({ message })),
      ...(refusal === undefined ? [] : [{ message: describeRefusal(refusal) }]),
    ],
    ...(deferred === undefined ? {} : { deferred }),
    apply: applyOnce(changes, () => applyWithCertificates(state, certificates, input, signal)),
  };
}

/** Applying would end with this: it is said beforehand, in HAProxy's words. */
function describeRefusal(refusal: SinkError): string {
  if (refusal.code !== 'SINK_CHECK_FAILED') return `the configuration cannot be checked: ${messageOf(refusal)}`;
  const alerts = refusal.output?.split('\n').filter((line) => line.startsWith('[ALERT]'));
  return `HAProxy refuses the configuration, and no service is to blame: ${alerts?.[0] ?? messageOf(refusal)}`;
}

function planRuntime(state: SinkState, placed: Placed, observed: Observed, full: boolean): readonly RuntimeChange[] {
  const { backends: wanted, structureVersion } = placed.desired;
  const backends = full
    ? new Set([...wanted.keys(), ...[...observed.backends].filter(isServiceBackend)])
    : new Set([...placesOf(state.touched, placed, observed), ...state.retirement.dueBackends()]);
  for (const name of state.refusals.backends) backends.add(name);
  const maps = full || state.mapsVersion !== structureVersion;
  const changes = diffRuntime(state, placed, observed, { backends, maps });
  // What differs stays in sight until it is applied; the rest was looked at.
  state.touched.clear();
  for (const { server, backend = server?.backend } of changes) if (backend !== undefined) state.touched.add(backend);
  return changes;
}

function reloadReason(state: SinkState, placed: Placed | undefined, target: Target): string | undefined {
  if (target.kind === 'stopped') return 'it does not run';
  if (target.kind === 'foreign' || placed === undefined) return 'it runs a configuration that is not ours';
  if (placed.reasons.length > 0) return joinReasons(placed.reasons);
  if (state.refusals.some) return 'the Runtime API did not take a change';
  if (target.full) {
    for (const [name, servers] of target.observed.servers) {
      const backend = placed.desired.backends.get(name);
      const moved = backend === undefined ? undefined : findMovedServer(backend, servers);
      if (moved !== undefined) return `the address of ${name}/${moved} was changed by others`;
    }
  }
  const { retired } = state.retirement;
  if (retired > state.settings.mostRetiredServers) return `${retired} retired servers are dropped`;
  return placed.scarce === undefined ? undefined : state.refill.reason;
}

/** More than a few tell nobody anything. */
function joinReasons(reasons: readonly string[]): string {
  const most = 5;
  const rest = reasons.length - most;
  return [...reasons.slice(0, most), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

function describeStructure(
  state: SinkState,
  desired: Desired,
  target: Target,
  reason: string,
): readonly PlannedChange[] {
  const { configPath } = state.settings;
  const observed = target.kind === 'running' ? target.observed : undefined;
  const changes = describeReload(desired, observed, { configPath, reason });
  if (target.kind !== 'stopped') return changes;
  const services = [...desired.backends.values()].map(({ serviceId }) => serviceId);
  return [
    ...changes.filter(({ action }) => action !== 'reload'),
    { action: 'create', target: configPath, summary: 'haproxy process started', services },
  ];
}
