/** As much of a master's `/master/state` as Mesos-DNS reads. */
export interface MesosState {
  /** `master@IP:PORT`. */
  readonly leader: string;
  readonly slaves: readonly MesosAgent[];
  readonly frameworks: readonly MesosFramework[];
}

export interface MesosAgent {
  readonly id: string;
  readonly hostname: string;
  /** `slave(1)@IP:PORT`. */
  readonly pid: string;
}

export interface MesosFramework {
  readonly name: string;
  /** `scheduler-…@IP:PORT`; absent for schedulers on the HTTP API. */
  readonly pid?: string;
  readonly hostname: string;
  readonly tasks: readonly MesosTask[];
}

export interface MesosTask {
  readonly id: string;
  readonly name: string;
  readonly slave_id: string;
  readonly state: string;
  /** `ports` is text of inclusive ranges: `[31000-31001, 31500-31500]`. */
  readonly resources: { readonly ports?: string };
  readonly statuses: readonly MesosStatus[];
  readonly discovery?: MesosDiscovery;
}

export interface MesosStatus {
  readonly state: string;
  readonly timestamp: number;
  readonly labels?: readonly { readonly key: string; readonly value?: string }[];
  readonly container_status?: { readonly network_infos?: readonly MesosNetwork[] };
}

export interface MesosNetwork {
  readonly ip_addresses?: readonly { readonly ip_address?: string }[];
  /** Mesos 0.25 only. */
  readonly ip_address?: string;
}

export interface MesosDiscovery {
  readonly name?: string;
  readonly ports?: { readonly ports?: readonly MesosDiscoveryPort[] };
}

export interface MesosDiscoveryPort {
  readonly number: number;
  readonly name?: string;
  readonly protocol?: string;
}
