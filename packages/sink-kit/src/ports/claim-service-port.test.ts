import type { Service } from '@signalbox/core';
import { expect, it } from 'vitest';
import { claimServicePort } from './claim-service-port.ts';

const tcp: Service = { id: 'a:b#0', name: 'b', protocol: 'tcp', endpoints: [], labels: {}, port: 10_000 };

function claim(service: Partial<Service>, withoutTls?: string): readonly unknown[] {
  const warnings: string[] = [];
  return [claimServicePort({ ...tcp, ...service }, { withoutTls, warn: (text) => warnings.push(text) }), ...warnings];
}

it('gives the port, with TLS or without', () => {
  expect(claim({})).toEqual([10_000]);
  expect(claim({ portTls: {} })).toEqual([10_000]);
  expect(claim({}, 'it has no certificates')).toEqual([10_000]);
});

it('never gives a port without the TLS that it asks for', () => {
  expect(claim({ portTls: {} }, 'the sink has no certificates')).toEqual([
    undefined,
    'service port 10000 was left out: it asks for TLS, and the sink has no certificates',
  ]);
});

it('does not speak plain HTTP to endpoints that speak HTTPS', () => {
  const [port, warning] = claim({ portTls: {}, appProtocol: 'https' });
  expect(port).toBeUndefined();
  expect(warning).toContain('`traffic.endpointTls`');
  const traffic = { endpointTls: { verify: false } };
  expect(claim({ portTls: {}, appProtocol: 'https', traffic })).toEqual([10_000]);
});

it('leaves out a port that there is not', () => {
  expect(claim({ port: 70_000 })).toEqual([undefined, expect.stringContaining('its service port was left out')]);
});
