import type {
  AppDefinition,
  Container,
  HealthCheck,
  KillSelection,
  Network,
  NetworkMode,
  PortDefinition,
  PortMapping,
  ReadinessCheck,
  UnreachableStrategy,
  UpgradeStrategy,
} from './definition.ts';
import type { PodDefinition } from './pod-definition.ts';

/** One version of an app, or of a pod, with everything filled in that Marathon fills in. Never changed after it was stored. */
export interface AppSpec {
  readonly id: string;
  readonly version: string;
  readonly versionInfo: { readonly lastScalingAt: string; readonly lastConfigChangeAt: string };
  readonly instances: number;
  readonly mode: NetworkMode;
  readonly networks: readonly Network[];
  /**
   * As 0.14 to 1.4 know it: tasks have addresses of their own, the ports there are only announced, and there are neither host ports nor service
   * ports.
   */
  readonly ipPerTask: boolean;
  /** In host mode only. */
  readonly portDefinitions: readonly Required<PortDefinitionParts>[];
  /** In the other modes only. */
  readonly portMappings: readonly StoredPortMapping[];
  readonly container: Container | undefined;
  readonly requirePorts: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly constraints: readonly (readonly string[])[];
  readonly healthChecks: readonly HealthCheck[];
  readonly readinessChecks: readonly ReadinessCheck[];
  readonly upgradeStrategy: UpgradeStrategy;
  readonly unreachableStrategy: UnreachableStrategy;
  readonly killSelection: KillSelection;
  readonly role: string;
  /** As it was given, for the fields that only pass through. */
  readonly definition: AppDefinition;
  /** What it was made of, if it is a pod. */
  readonly pod?: PodDefinition;
}

type PortDefinitionParts = Omit<PortDefinition, 'name'> & { readonly name: string | undefined };

export type StoredPortMapping = Omit<PortMapping, 'servicePort'> & { readonly servicePort: number };

export interface App {
  /** What is wanted now. */
  spec: AppSpec;
  /** Every version that is kept, by its time; the oldest first. */
  readonly versions: Map<string, AppSpec>;
  lastTaskFailure: TaskFailure | undefined;
}

export interface TaskFailure {
  readonly appId: string;
  readonly host: string;
  readonly message: string;
  readonly state: string;
  readonly taskId: string;
  readonly timestamp: string;
  readonly version: string;
  readonly slaveId: string;
}

/** The service ports of an app in the order of its declared ports. */
export function servicePortsOf(spec: AppSpec): readonly number[] {
  if (spec.ipPerTask || spec.pod !== undefined) return [];
  return spec.mode === 'host'
    ? spec.portDefinitions.map((definition) => definition.port)
    : spec.portMappings.map((mapping) => mapping.servicePort);
}

/** Whether a task of this version runs the same configuration as the present one; scaling alone changes the version, too. */
export function hasPresentConfiguration(spec: AppSpec, taskVersion: string): boolean {
  return taskVersion >= spec.versionInfo.lastConfigChangeAt;
}

/** The kinds of checks that Marathon itself makes, and whose results live in the memory of the leader. */
export function isCheckedByMarathon(check: HealthCheck): boolean {
  return ['HTTP', 'HTTPS', 'TCP'].includes(check.protocol ?? 'HTTP');
}
