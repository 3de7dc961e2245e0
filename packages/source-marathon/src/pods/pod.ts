import type { HealthCheck } from '@signalbox/core';
import type { SpecTask } from '../mapping/spec-kind.ts';

/** A pod with its instances, as the rest of this source sees it (`RAML/v2/types/podStatus.raml`, Marathon 1.4+). */
export interface Pod {
  readonly id: string;
  readonly definition: PodDefinition;
  readonly instances: readonly PodInstance[];
  /** The containers of all instances by task id: what events speak of. */
  readonly tasks: ReadonlyMap<string, PodContainer>;
}

export interface PodDefinition {
  readonly version: string;
  readonly instances: number;
  readonly mode: 'host' | 'container/bridge' | 'container';
  readonly labels: Readonly<Record<string, string>>;
  /** Of all containers, in the order of the definition. Their names are unique within the pod. */
  readonly endpoints: readonly PodEndpoint[];
  readonly containers: ReadonlyMap<string, ContainerCheck>;
}

export interface PodEndpoint {
  readonly name: string;
  readonly container: string;
  readonly protocols: readonly ('tcp' | 'udp')[];
  readonly appProtocol: 'http' | 'https' | undefined;
  /** In bridge and container mode; 0 means "the host port that was allocated". */
  readonly containerPort: number | undefined;
  /** A port of the agent that the definition asks for by number. */
  readonly fixedHostPort: number | undefined;
  /** Networks that carry it; empty for all. */
  readonly networkNames: readonly string[];
  /** The container's and its own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly healthCheck: HealthCheck | undefined;
}

/** Who is judged by the check of a container: nobody, the endpoint that it asks, or, when it runs a command, all of them. */
export interface ContainerCheck {
  readonly judges: 'nothing' | 'everything' | { readonly endpoint: string };
  readonly gracePeriodMs: number;
}

export interface PodInstance {
  readonly id: string;
  readonly host: string | undefined;
  /** Version of the definition that it was started from. */
  readonly version: string | undefined;
  readonly region: string | undefined;
  readonly zone: string | undefined;
  readonly networks: readonly { readonly name: string | undefined; readonly addresses: readonly string[] }[];
  readonly containers: readonly PodContainer[];
}

export interface PodContainer extends SpecTask {
  readonly name: string;
  readonly instanceId: string;
  /** What the check of the whole container says; undefined when it has not spoken. */
  readonly healthy: boolean | undefined;
  readonly endpoints: ReadonlyMap<string, EndpointStatus>;
}

export interface EndpointStatus {
  readonly hostPort: number | undefined;
  readonly healthy: boolean | undefined;
}
