/**
 * The parts of an app as Marathon 1.5 and later take them in `POST /v2/apps`. What is not listed is kept and shown as it was given.
 * The fields in which versions before 1.5 were told of ports and networks are read, too: `ports`, `ipAddress`, and in `container.docker` `network`
 * and `portMappings`.
 */
export interface AppDefinition {
  /** Absolute, for example `/shop/web`. */
  readonly id: string;
  /** Default 1. */
  readonly instances?: number;
  readonly cmd?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Tasks with `SIMULATOR_HEALTHY: "false"` fail their health checks from the start, those with `SIMULATOR_READY: "false"` never become
   * ready: a bad release.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Default host mode. */
  readonly networks?: readonly Network[];
  /** Host mode only. Default one port named `default`. */
  readonly portDefinitions?: readonly PortDefinition[];
  readonly requirePorts?: boolean;
  readonly container?: Container;
  readonly healthChecks?: readonly HealthCheck[];
  readonly readinessChecks?: readonly ReadinessCheck[];
  /** `["hostname", "UNIQUE"]` is honoured, others are only shown. */
  readonly constraints?: readonly (readonly string[])[];
  readonly upgradeStrategy?: Partial<UpgradeStrategy>;
  readonly unreachableStrategy?: UnreachableStrategy;
  readonly killSelection?: KillSelection;
  readonly role?: string;
  readonly [field: string]: unknown;
}

export type NetworkMode = 'host' | 'container/bridge' | 'container';

export interface Network {
  readonly mode?: NetworkMode;
  readonly name?: string;
}

export interface PortDefinition {
  /** The service port; 0 lets Marathon choose. */
  readonly port: number;
  readonly name?: string;
  readonly protocol?: PortProtocol;
  readonly labels?: Readonly<Record<string, string>>;
}

export type PortProtocol = 'tcp' | 'udp' | 'udp,tcp';

export interface PortMapping {
  /** 0 stands for the host port that is allocated. */
  readonly containerPort: number;
  /** 0 lets the agent choose; absent in container mode: no port on the agent. */
  readonly hostPort?: number;
  readonly servicePort?: number;
  readonly name?: string;
  readonly protocol?: PortProtocol;
  readonly labels?: Readonly<Record<string, string>>;
  readonly networkNames?: readonly string[];
}

export interface Container {
  readonly type?: 'DOCKER' | 'MESOS';
  readonly docker?: Readonly<Record<string, unknown>>;
  readonly portMappings?: readonly PortMapping[];
  readonly volumes?: readonly unknown[];
}

export interface HealthCheck {
  /** Default `HTTP`. The Mesos kinds survive a change of leader. */
  readonly protocol?: 'HTTP' | 'HTTPS' | 'TCP' | 'COMMAND' | 'MESOS_HTTP' | 'MESOS_HTTPS' | 'MESOS_TCP';
  readonly path?: string;
  readonly portIndex?: number;
  readonly port?: number;
  readonly command?: { readonly value: string };
  /** Default 300. */
  readonly gracePeriodSeconds?: number;
  /** Only shown; the real interval is `timing.healthIntervalMs`. Default 60. */
  readonly intervalSeconds?: number;
  /** Default 20. */
  readonly timeoutSeconds?: number;
  /** Default 3; 0 never kills. */
  readonly maxConsecutiveFailures?: number;
  readonly ignoreHttp1xx?: boolean;
  readonly delaySeconds?: number;
  readonly ipProtocol?: 'IPv4' | 'IPv6';
}

export interface ReadinessCheck {
  readonly name?: string;
  readonly protocol?: 'HTTP' | 'HTTPS';
  readonly path?: string;
  readonly portName?: string;
  readonly intervalSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly httpStatusCodesForReady?: readonly number[];
  readonly preserveLastResponse?: boolean;
}

export interface UpgradeStrategy {
  /** Share of the instances that must stay healthy, 0 to 1. Default 1. */
  readonly minimumHealthCapacity: number;
  /** Share of the instances that may run in addition, 0 to 1. Default 1. */
  readonly maximumOverCapacity: number;
}

export type UnreachableStrategy =
  | 'disabled'
  | { readonly inactiveAfterSeconds: number; readonly expungeAfterSeconds: number };

export type KillSelection = 'YOUNGEST_FIRST' | 'OLDEST_FIRST';
