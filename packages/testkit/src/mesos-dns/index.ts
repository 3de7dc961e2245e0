export type {
  MesosAgent,
  MesosDiscovery,
  MesosDiscoveryPort,
  MesosFramework,
  MesosNetwork,
  MesosState,
  MesosStatus,
  MesosTask,
} from './cluster/mesos-state.ts';
export type { DiscoveredPort, TaskDefinition } from './cluster/task-definition.ts';
export { MesosDnsSimulatorError } from './error.ts';
export type { MesosDnsFault, MesosDnsFaultKind } from './fault.ts';
export type { MesosDnsSimulatorOptions } from './options.ts';
export type { IpSource } from './records/task-addresses.ts';
export { createMesosDnsSimulator } from './simulator.ts';
export type { MesosDnsSimulator } from './simulator-interface.ts';
