import type { Deployment } from '../../cluster/deployment.ts';
import type { Json } from './json.ts';
import { type ActionKey, toSteps } from './plan.ts';

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
  const { appId, steps, step } = deployment;
  return {
    ...toHead(deployment),
    steps: toSteps(deployment, actionKey),
    currentActions: [{ action: steps[step], app: appId, readinessCheckResults: readiness }],
    ...toProgress(deployment),
  };
}

/** From 1.4 on (RAML/v2/types/deployment.raml). */
export function toDeploymentSince1_4(deployment: Deployment, readiness: readonly Json[]): Json {
  return { ...toDeploymentSince1_0(deployment, readiness, 'action'), affectedPods: [] };
}

function toHead({ id, version, appId }: Deployment): Json {
  return { id, version, affectedApps: [appId] };
}

function toProgress({ step, steps }: Deployment): Json {
  return { currentStep: step + 1, totalSteps: steps.length };
}
