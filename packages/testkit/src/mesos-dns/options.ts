import type { MesosState } from './cluster/mesos-state.ts';
import type { IpSource } from './records/task-addresses.ts';

export interface MesosDnsSimulatorOptions {
  /** Addresses of the agents. Default `10.0.1.10`, `10.0.1.11` and `10.0.1.12`, where nothing listens. */
  readonly agents?: readonly string[];
  /** What the master says, in place of a cluster that tasks are launched on; `setState` changes it. */
  readonly state?: MesosState;
  /** `IP:PORT` of the configured masters, the first of which leads. Default `127.0.0.1:5050`. */
  readonly masters?: readonly string[];
  /** Default `mesos`. */
  readonly domain?: string;
  /** Default as in Mesos-DNS: `netinfo`, `mesos`, `host`. */
  readonly ipSources?: readonly IpSource[];
  /** Seconds. Default 60. */
  readonly ttlSeconds?: number;
  /** How often the master is read. Default 50; 0 for only when `refresh` is called. */
  readonly refreshMs?: number;
  /** What `/v1/axfr` says about that, in seconds, because Mesos-DNS counts so. Default 60. */
  readonly refreshSeconds?: number;
  /**
   * `on` (default); `off` as with `EnumerationOn: false`; `no-axfr` for a version that has `/v1/enumerate` and not yet `/v1/axfr`.
   */
  readonly enumeration?: 'on' | 'off' | 'no-axfr';
  /** `SetTruncateBit`. Default true; without, answers that are cut off do not say so. */
  readonly setsTruncateBit?: boolean;
  /** Port of the HTTP API, 0 or absent for a free one. */
  readonly httpPort?: number;
  /** Port of the DNS server, 0 or absent for a free one. */
  readonly dnsPort?: number;
  /** Basic authentication by a proxy in front of the HTTP API; Mesos-DNS has none. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** HTTPS by a proxy in front of the HTTP API, with this PEM key and certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Serve the control API over HTTP, on this port or a free one. Default false. */
  readonly control?: boolean | { readonly port: number };
}
