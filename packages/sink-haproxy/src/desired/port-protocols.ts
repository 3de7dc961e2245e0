import type { Mode, PortProtocol } from './model.ts';

export const portProtocols: readonly PortProtocol[] = ['http', 'https', 'tcp', 'tls'];

export function protocolOfPort(mode: Mode, hasTls: boolean): PortProtocol {
  if (mode === 'http') return hasTls ? 'https' : 'http';
  return hasTls ? 'tls' : 'tcp';
}

export function isPortProtocol(text: string | undefined): text is PortProtocol {
  return portProtocols.some((protocol) => protocol === text);
}
