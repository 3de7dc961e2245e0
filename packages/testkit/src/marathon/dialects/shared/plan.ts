import type { AppSpec } from '../../cluster/app.ts';
import type { ActionName, Deployment } from '../../cluster/deployment.ts';
import type { Json } from './json.ts';

/** The name of an action is under `type` up to 1.1.1 (MS/api/v2/json/Formats.scala). */
export type ActionKey = 'action' | 'type';

/** How the plan of a deployment is written. */
export interface PlanWriter {
  readonly actionKey: ActionKey;
  /** Writes the apps of the groups before and after; undefined where plans are light. */
  readonly writeApp: ((spec: AppSpec) => Json) | undefined;
}

export function toPlan(deployment: Deployment, { actionKey, writeApp }: PlanWriter): Json {
  const { id, version, original, target } = deployment;
  const groups = writeApp && {
    original: toRootGroup(original, version, writeApp),
    target: toRootGroup(target, version, writeApp),
  };
  return { id, ...groups, steps: toSteps(deployment, actionKey), version };
}

export function toSteps(deployment: Deployment, actionKey: ActionKey): Json[] {
  return deployment.steps.map((action) => ({ actions: [toAction(deployment, action, actionKey)] }));
}

/** An action upon an app, or from 1.4 on upon a pod, where it has a name of its own. */
export function toAction({ appId, isPod }: Deployment, action: ActionName, actionKey: ActionKey): Json {
  return isPod
    ? { [actionKey]: action.replace('Application', 'Pod'), pod: appId }
    : { [actionKey]: action, app: appId };
}

export function toCurrentStep(deployment: Deployment, actionKey: ActionKey): Json {
  return {
    actions: deployment.steps
      .slice(deployment.step, deployment.step + 1)
      .map((action) => toAction(deployment, action, actionKey)),
  };
}

/** An event as a reader gets it who asked for `plan-format=light`. */
export function withLightPlan<Event extends Json>(event: Event): Event {
  if (typeof event.plan !== 'object' || event.plan === null || !('original' in event.plan)) return event;
  const { original: _, target: __, ...plan } = event.plan as Json;
  return { ...event, plan };
}

/** The whole tree of groups in one: a reader has to skip it, whatever its depth. */
function toRootGroup(specs: readonly AppSpec[], version: string, writeApp: (spec: AppSpec) => Json): Json {
  return { id: '/', apps: specs.map(writeApp), groups: [], dependencies: [], version };
}
