export type {
  AppDefinition,
  Container,
  HealthCheck,
  KillSelection,
  Network,
  NetworkMode,
  PortDefinition,
  PortMapping,
  PortProtocol,
  ReadinessCheck,
  UnreachableStrategy,
  UpgradeStrategy,
} from './cluster/definition.ts';
export type { PodContainer, PodDefinition, PodEndpoint, PodHealthCheck } from './cluster/pod-definition.ts';
export { type DialectName, dialectNames } from './dialects/dialect-name.ts';
export { type FieldProblem, SimulatorError, type SimulatorErrorCode } from './error.ts';
export type { Fault, FaultKind, StatusFault, TruncatedFault } from './faults/fault.ts';
export type { MarathonSimulatorOptions, SimulatorTiming } from './options.ts';
export { createMarathonSimulator } from './simulator.ts';
export type { MarathonSimulator, TaskView } from './simulator-interface.ts';
export type { MarathonEvent } from './stream/event-json.ts';
