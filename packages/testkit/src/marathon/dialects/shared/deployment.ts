import type { Deployment } from '../../cluster/deployment.ts';
import type { Json } from './json.ts';
import { type ActionKey, toAction, toSteps } from './plan.ts';

/** Up to 0.15: the steps are lists of lists. */
export function toDeploymentBefore1_0(deployment: Deployment): Json {
  const { appId, steps } = deployment;
  return {
    ...toHead(deployment),
    steps: steps.map((action) => [{ action, app: appId }]),
    currentActions: [{ action: steps[deployment.step], app: appId }],
    ...toProgress(deployment),
  };
}

/** From 1.0 on, without pods. */
export function toDeploymentSince1_0(deployment: Deployment, readiness: readonly Json[], actionKey: ActionKey): Json {
  const { steps, step } = deployment;
  const current = steps.slice(step, step + 1).map((action) => toAction(deployment, action, 'action'));
  return {
    ...toHead(deployment),
    steps: toSteps(deployment, actionKey),
    currentActions: current.map((action) => ({ ...action, readinessCheckResults: readiness })),
    ...toProgress(deployment),
  };
}

/** From 1.4 on (RAML/v2/types/deployment.raml). */
export function toDeploymentSince1_4(deployment: Deployment, readiness: readonly Json[]): Json {
  const { appId, isPod } = deployment;
  return {
    ...toDeploymentSince1_0(deployment, readiness, 'action'),
    affectedApps: isPod ? [] : [appId],
    affectedPods: isPod ? [appId] : [],
  };
}

function toHead({ id, version, appId }: Deployment): Json {
  return { id, version, affectedApps: [appId] };
}

function toProgress({ step, steps }: Deployment): Json {
  return { currentStep: step + 1, totalSteps: steps.length };
}
