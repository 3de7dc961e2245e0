import type { Endpoint, HealthCheck, Service } from '@signalbox/core';

/** What one file or answer says of one service. */
export interface DocumentService {
  readonly name: string;
  /** Tells the ports of one name apart. */
  readonly portName?: string;
  readonly protocol: Service['protocol'];
  readonly appProtocol?: NonNullable<Service['appProtocol']>;
  readonly port?: number;
  readonly healthCheck?: HealthCheck;
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly endpoints: readonly Endpoint[];
}
