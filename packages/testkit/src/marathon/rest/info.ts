import type { Json } from '../dialects/shared/json.ts';
import type { RestContext } from './rest-context.ts';

/** `GET /v2/info` (MS/api/v2/InfoResource.scala). */
export function toInfo({ dialect, leader }: RestContext): Json {
  const [hostname, port] = leader?.split(/:(?=\d+$)/) ?? [];
  return {
    name: 'marathon',
    version: dialect.version,
    buildref: 'unknown',
    elected: leader !== undefined,
    leader,
    frameworkId: '96d7da70-b731-4cfb-96a7-0ee877af615d-0000',
    marathon_config: {
      access_control_allow_origin: null,
      features: dialect.rules.killingState ? ['task_killing'] : [],
      framework_name: 'marathon',
      ha: true,
      hostname,
      leader_proxy_connection_timeout_ms: 5000,
      leader_proxy_read_timeout_ms: 10_000,
      local_port_min: 10_000,
      local_port_max: 20_000,
      master: 'zk://localhost:2181/mesos',
    },
    zookeeper_config: { zk: 'zk://localhost:2181/marathon', zk_max_versions: 50 },
    http_config: { http_port: Number(port), https_port: 8443 },
  };
}
