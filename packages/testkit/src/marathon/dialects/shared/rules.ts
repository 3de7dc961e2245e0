import type { ClusterRules } from '../../cluster/cluster-rules.ts';
import { type DefinitionLimits, readDefinition } from '../read-definition.ts';

const limitsOf0_8: DefinitionLimits = {
  containerNetworks: false,
  mesosBridge: false,
  mesosChecks: false,
  readinessChecks: false,
  namesDefaultPort: false,
};

const limitsOf1_1: DefinitionLimits = { ...limitsOf0_8, containerNetworks: true, readinessChecks: true };

const limitsOf1_4: DefinitionLimits = { ...limitsOf1_1, mesosChecks: true };

const limitsOf1_5: DefinitionLimits = { ...limitsOf1_4, mesosBridge: true, namesDefaultPort: true };

/** 0.8 to 0.13. */
export const rulesOf0_8: ClusterRules = {
  keepsInstances: false,
  killingState: false,
  plansHoldApps: true,
  ipPerTask: 'never',
  readDefinition: (definition) => readDefinition(definition, limitsOf0_8),
};

export const rulesOf1_1: ClusterRules = {
  ...rulesOf0_8,
  ipPerTask: 'always',
  readDefinition: (definition) => readDefinition(definition, limitsOf1_1),
};

export const rulesOf1_4: ClusterRules = {
  keepsInstances: false,
  killingState: true,
  plansHoldApps: true,
  ipPerTask: 'without-docker',
  readDefinition: (definition) => readDefinition(definition, limitsOf1_4),
};

/** 1.5 to 1.7. */
export const rulesOf1_5: ClusterRules = {
  ...rulesOf1_4,
  ipPerTask: 'never',
  readDefinition: (definition) => readDefinition(definition, limitsOf1_5),
};

export const rulesOf1_8: ClusterRules = { ...rulesOf1_5, keepsInstances: true, plansHoldApps: false };
