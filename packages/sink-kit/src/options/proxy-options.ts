/** What every sink that manages a proxy can be told, in the same words. A sink adds what is particular about its proxy. */
export interface ProxyOptions {
  /** Path of the proxy's configuration. Signalbox owns this file: it is replaced as a whole. */
  readonly config: string;
  /** Start the proxy and keep it running. `true` is `{ onExit: 'keep' }`. Default false: it is started by others. */
  readonly manage?: boolean | ManageOptions;
  /** The program that checks candidates, and that `manage` starts. Default: the proxy's own name. */
  readonly binary?: string;
  /** For sockets, last good files and what else the sink needs. Default: the folder `signalbox` beside the configuration. */
  readonly runDirectory?: string;
  /** Program and arguments that reload the proxy; used instead of its own way. */
  readonly reloadCommand?: readonly string[];
  /** Where the service ports listen. Default `127.0.0.1`. */
  readonly bindAddress?: string;
  /** Whether each service with a `port` listens on it. Default true. */
  readonly servicePorts?: boolean;
  /** Shared listeners that carry routes. Default none. */
  readonly listeners?: readonly ListenerOptions[];
  readonly reload?: ReloadOptions;
  /** Longest wait for a connection to an endpoint. Default 1000. */
  readonly connectTimeoutMs?: number;
  /** Longest silence of a client. Default 60000. */
  readonly clientTimeoutMs?: number;
  /** Longest silence of an endpoint. Default 60000. */
  readonly serverTimeoutMs?: number;
  /** Further attempts when a connection could not be made. Default 3. */
  readonly retries?: number;
}

export interface ManageOptions {
  /** What happens to the proxy when Signalbox ends. Default `keep`: our own end never touches the traffic. */
  readonly onExit?: 'keep' | 'stop';
}

export interface ListenerOptions {
  /** For people. */
  readonly name?: string;
  /** IPv4 or IPv6 address, or `*` for all. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http';
}

export interface ReloadOptions {
  /** Least time between two reloads; five times the duration of the last one when that is longer. 0: as often as something changes. */
  readonly minIntervalMs?: number;
  /** Random time added to the interval, so that many hosts do not reload together. */
  readonly jitterMs?: number;
}
