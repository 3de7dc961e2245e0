import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { settleTls } from './tls-settings.ts';

const listener = { address: '127.0.0.1', port: 443 };

it('fills in what a listener does not say', () => {
  const { listeners } = settleTls({
    listeners: [
      { ...listener, tls: true },
      { ...listener, tls: false },
    ],
    certificates: { directory: 'certificates', expiryWarningDays: 14 },
    endpointTls: {},
  });
  expect(listeners.map(({ tls }) => tls)).toEqual([
    { minVersion: '1.2', alpn: ['h2', 'http/1.1'], strictSni: false },
    undefined,
  ]);
});

it('makes paths absolute', () => {
  const { certificates, endpointCaFile } = settleTls({
    listeners: [],
    certificates: { directory: 'certificates', default: 'shop', expiryWarningDays: 14 },
    endpointTls: { caFile: 'authorities.pem' },
  });
  expect(certificates).toEqual({ directory: resolve('certificates'), default: 'shop', expiryWarningDays: 14 });
  expect(endpointCaFile).toBe(resolve('authorities.pem'));
});

it('refuses TLS without certificates', () => {
  expect(() => settleTls({ listeners: [{ ...listener, tls: true }], endpointTls: {} })).toThrow(
    'a listener with `tls` needs certificates',
  );
});
