import {
  messageOf,
  type Pipeline,
  type PipelineError,
  type PipelineStatus,
  type PipelineTrace,
  type Plan,
  type Service,
  type SinkReading,
  sourceIdOf,
  type TransformExplanation,
} from '@signalbox/core';
import { withoutSecrets } from './diff-service.ts';
import type { ServiceExplanation, SinkView, SourceView, StepView } from './explanation.ts';
import { compareSteps, followSteps } from './follow-steps.ts';

/** Everything that was looked at, once for all services that are explained. */
export interface Findings {
  readonly trace: PipelineTrace;
  readonly status: PipelineStatus;
  readonly explain: Pipeline['explain'];
  /** Type of the plugin at a place of the file. */
  readonly typeOf: (place: string) => string;
  /** By sink. */
  readonly plans: ReadonlyMap<string, Plan | PipelineError>;
  readonly readings: readonly SinkReading[];
  /** Sources of which the set of an earlier run counts. */
  readonly restored: ReadonlySet<string>;
  readonly nowMs: number;
}

/** `service` in its latest form. */
export function explainService(service: Service, findings: Findings): ServiceExplanation {
  const { trace, status, explain, typeOf } = findings;
  const { id } = service;
  const sourceId = sourceIdOf(id);
  const source = trace.sources[sourceId];
  const inForce = find(source?.inForce, id);
  const common = { serviceId: id, typeOf, notes: explain(id), transforms: status.transforms };
  const own = followSteps({
    ...common,
    service: inForce,
    sets: source?.transforms ?? [],
    place: `sources.${sourceId}.transforms`,
  });
  const shared = followSteps({
    ...common,
    service: own.service,
    sets: trace.transforms,
    place: 'transforms',
  });
  const announced = find(source?.announced, id);
  return {
    id,
    service: withoutSecrets(service),
    source: viewSource(sourceId, id, findings),
    steps: [...viewGuards(announced, inForce, source?.announced !== undefined), ...own.steps, ...shared.steps],
    isInCatalog: trace.catalog?.services.has(id) === true,
    sinks: Object.keys(trace.sinks).map((sink) => viewSink(sink, id, shared.service, common.notes, findings)),
  };
}

function viewSource(id: string, serviceId: string, findings: Findings): SourceView {
  const { trace, status, typeOf, restored, nowMs } = findings;
  const { announced, inForce } = trace.sources[id] ?? {};
  const named = find(announced, serviceId);
  const service = named ?? find(inForce, serviceId);
  const { health = 'never', lastSyncAt, error, holds = [], warnings = [] } = status.sources[id] ?? {};
  return {
    id,
    type: typeOf(`sources.${id}`),
    health,
    isRestored: restored.has(id),
    holds: holds.filter((hold) => hold.service === undefined || hold.service === serviceId),
    warnings: warnings.filter((warning) => warning.service === undefined || warning.service === serviceId),
    ...(lastSyncAt !== undefined && { ageMs: Math.max(0, nowMs - lastSyncAt) }),
    ...(error && { error: describeError(error) }),
    ...(announced !== undefined && { isNamed: named !== undefined }),
    ...(service && { service: withoutSecrets(service) }),
  };
}

/** A step of its own where guards made a difference. */
function viewGuards(
  announced: Service | undefined,
  inForce: Service | undefined,
  hasAnswered: boolean,
): readonly StepView[] {
  if (announced === inForce || !hasAnswered) return [];
  return [{ point: 'guards', type: 'guards', ...compareSteps(announced, inForce), notes: [] }];
}

function viewSink(
  id: string,
  serviceId: string,
  service: Service | undefined,
  notes: readonly TransformExplanation[],
  { trace, status, typeOf, plans, readings }: Findings,
): SinkView {
  const sink = trace.sinks[id];
  const { steps } = followSteps({
    serviceId,
    service,
    sets: sink?.transforms ?? [],
    place: `sinks.${id}.transforms`,
    typeOf,
    notes,
    transforms: status.transforms,
  });
  const plan = plans.get(id);
  const reading = readings.find((each) => each.sink === id);
  const statistics = reading?.statistics?.services.get(serviceId);
  const view = {
    id,
    type: typeOf(`sinks.${id}`),
    steps,
    isServed: sink?.catalog?.services.has(serviceId) === true,
    ...(statistics && { statistics }),
  };
  if (plan === undefined || 'code' in plan) {
    return { ...view, warnings: [], ...(plan && { error: describeError(plan) }) };
  }
  return {
    ...view,
    changes: plan.changes.filter(({ services }) => services.includes(serviceId)),
    warnings: plan.warnings.filter((warning) => warning.service === serviceId),
    ...(plan.deferred && { deferred: plan.deferred }),
  };
}

function describeError(error: PipelineError): NonNullable<SinkView['error']> {
  return { code: error.code, message: messageOf(error), ...(error.hint !== undefined && { hint: error.hint }) };
}

function find(set: readonly Service[] | undefined, id: string): Service | undefined {
  return set?.find((service) => service.id === id);
}
