import type { AppSpec } from '../../cluster/app.ts';
import type { Json } from './json.ts';

/** The container up to 1.4: the network and the mappings are part of `docker`. */
export function toContainerBefore1_5(spec: AppSpec, options: { readonly namesPorts: boolean }): Json | null {
  // One that was given for its mappings alone is none: those of an app with an IP per task are in `ipAddress`.
  if (spec.container === undefined || (spec.ipPerTask && spec.container.type === undefined)) return null;
  const { portMappings: _, docker, type = 'MESOS', volumes = [] } = spec.container;
  if (type !== 'DOCKER') return { type, volumes };
  const mappings = spec.portMappings.map((mapping) => toMapping(mapping, options.namesPorts));
  const hasMappings = spec.mode !== 'host' && !spec.ipPerTask;
  return {
    type,
    volumes,
    docker: {
      ...docker,
      network: networkOf(spec),
      portMappings: hasMappings ? mappings : null,
      privileged: docker?.privileged ?? false,
      parameters: docker?.parameters ?? [],
      forcePullImage: docker?.forcePullImage ?? false,
    },
  };
}

function networkOf(spec: AppSpec): string | null {
  if (spec.mode === 'host') return 'HOST';
  if (spec.mode === 'container/bridge') return 'BRIDGE';
  return spec.ipPerTask ? null : 'USER';
}

function toMapping(mapping: AppSpec['portMappings'][number], namesPorts: boolean): Json {
  const { containerPort, hostPort, servicePort, protocol, name, labels } = mapping;
  return { containerPort, hostPort, servicePort, protocol, ...(namesPorts ? { name, labels } : {}) };
}

/** `ipAddress` from 0.14 to 1.4: an app whose tasks have addresses of their own. */
export function toIpAddress(spec: AppSpec, options: { readonly namesNetwork: boolean }): Json | null {
  if (spec.mode !== 'container') return null;
  const ports = spec.ipPerTask
    ? spec.portMappings.map(({ containerPort, name, protocol, labels }) => ({
        number: containerPort,
        name,
        protocol,
        labels,
      }))
    : [];
  return {
    groups: [],
    labels: {},
    discovery: { ports },
    ...(options.namesNetwork ? { networkName: spec.networks[0]?.name } : {}),
  };
}
