import type { AppDefinition } from '@signalbox/testkit/marathon';

/** An app of the demo, apart from its port. */
export interface DemoApp {
  readonly id: string;
  readonly instances: number;
  /** Under which name the shared listener offers it. */
  readonly hostname?: string;
  /** HTTP is balanced request by request, TCP connection by connection. */
  readonly protocol: 'http' | 'tcp';
  readonly isChecked?: boolean;
  /** Whether a deployment waits until its new tasks say that they are ready. */
  readonly awaitsReadiness?: boolean;
}

export const apps = {
  web: { id: '/shop/web', instances: 3, hostname: 'shop.example.com', protocol: 'http', isChecked: true },
  cart: { id: '/shop/cart', instances: 3, protocol: 'http', isChecked: true },
  api: {
    id: '/shop/api',
    instances: 3,
    hostname: 'api.example.com',
    protocol: 'http',
    isChecked: true,
    awaitsReadiness: true,
  },
  ledger: { id: '/shop/ledger', instances: 2, protocol: 'tcp' },
} as const satisfies Readonly<Record<string, DemoApp>>;

/** Appears while the demo runs, with a port that HAProxy already has. */
export const lateApp = {
  id: '/shop/search',
  instances: 2,
  hostname: 'search.example.com',
  protocol: 'http',
  isChecked: true,
} as const satisfies DemoApp;

/** Appears as well, with a port that nobody foresaw. */
export const unforeseenApp = {
  id: '/shop/admin',
  instances: 2,
  protocol: 'http',
  isChecked: true,
} as const satisfies DemoApp;

/** Those whose ports HAProxy is told of beforehand. */
export const foreseenApps: readonly DemoApp[] = [...Object.values(apps), lateApp];

export const everyApp: readonly DemoApp[] = [...foreseenApps, unforeseenApp];

/** As an operator would give it to Marathon. */
export function toAppDefinition(
  { id, instances, protocol, isChecked, awaitsReadiness }: DemoApp,
  port: number,
): AppDefinition {
  return {
    id,
    instances,
    cmd: './serve',
    portDefinitions: [{ port, name: protocol, protocol: 'tcp' }],
    ...(isChecked === true
      ? { healthChecks: [{ protocol: 'MESOS_HTTP', path: '/health', intervalSeconds: 1, timeoutSeconds: 1 }] }
      : {}),
    ...(awaitsReadiness === true
      ? { readinessChecks: [{ path: '/ready', portName: protocol, intervalSeconds: 1, timeoutSeconds: 1 }] }
      : {}),
    // Of three tasks two are replaced first, then the third.
    upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 0.67 },
  };
}
