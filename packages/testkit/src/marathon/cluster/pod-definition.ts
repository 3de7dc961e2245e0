import type { KillSelection, Network, UnreachableStrategy, UpgradeStrategy } from './definition.ts';

/** The parts of a pod as Marathon takes them in `POST /v2/pods`. What is not listed is kept and shown as it was given. */
export interface PodDefinition {
  /** Absolute, for example `/shop/web`. */
  readonly id: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Instances with `SIMULATOR_HEALTHY: "false"` fail their health checks from the start. */
  readonly environment?: Readonly<Record<string, unknown>>;
  /** At least one. */
  readonly containers: readonly PodContainer[];
  /** Default host mode. */
  readonly networks?: readonly Network[];
  /** Default one instance. */
  readonly scaling?: { readonly kind: 'fixed'; readonly instances: number };
  readonly scheduling?: {
    readonly upgrade?: Partial<UpgradeStrategy>;
    readonly killSelection?: KillSelection;
    readonly unreachableStrategy?: UnreachableStrategy;
    readonly [field: string]: unknown;
  };
  readonly role?: string;
  readonly [field: string]: unknown;
}

export interface PodContainer {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly endpoints?: readonly PodEndpoint[];
  readonly healthCheck?: PodHealthCheck;
  readonly [field: string]: unknown;
}

export interface PodEndpoint {
  /** Unique within the pod. */
  readonly name: string;
  /** Absent in host mode. */
  readonly containerPort?: number;
  /** 0 lets the agent choose; absent: no port on the agent. */
  readonly hostPort?: number;
  /** Free names such as `tcp`, `udp` and `http`. Default `["tcp"]`. */
  readonly protocol?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly networkNames?: readonly string[];
}

/** A check that Mesos makes. */
export interface PodHealthCheck {
  readonly http?: { readonly endpoint: string; readonly path?: string; readonly scheme?: 'HTTP' | 'HTTPS' };
  readonly tcp?: { readonly endpoint: string };
  readonly exec?: unknown;
  /** Default 300. */
  readonly gracePeriodSeconds?: number;
  /** Only shown; the real interval is `timing.healthIntervalMs`. Default 60. */
  readonly intervalSeconds?: number;
  /** Default 3; 0 never kills. */
  readonly maxConsecutiveFailures?: number;
  readonly timeoutSeconds?: number;
  readonly delaySeconds?: number;
}
