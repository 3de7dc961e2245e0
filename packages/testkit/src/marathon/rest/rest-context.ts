import type { Cluster } from '../cluster/cluster.ts';
import type { Dialect } from '../dialects/dialect.ts';

/** What the routes need to know of the node that answers. */
export interface RestContext {
  readonly cluster: Cluster;
  readonly dialect: Dialect;
  /** `host:port` of the leader. */
  readonly leader: string | undefined;
  /** Makes the leader step down. */
  readonly abdicate: () => void;
}
