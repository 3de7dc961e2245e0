import type { Service } from '@signalbox/core';
import { checkHostname } from '@signalbox/sink-kit';
import * as safe from '../render/escape.ts';
import type { Settings } from '../settings.ts';

export interface EndpointTlsWords {
  readonly words: readonly string[];
  /** For those that are checked. */
  readonly checkWords: readonly string[];
  readonly problems: readonly string[];
}

/** The words of a server whose certificate has to come from a known authority. */
export function verification({ endpointCaFile }: Pick<Settings, 'endpointCaFile'>): string {
  return `verify required ca-file ${safe.path(endpointCaFile)}`;
}

/** TLS to the endpoints. Checks speak it as well, and name the same host. */
export function describeEndpointTls(
  endpointTls: NonNullable<Service['traffic']>['endpointTls'],
  settings: Settings,
): EndpointTlsWords {
  if (endpointTls === undefined) return { words: [], checkWords: [], problems: [] };
  const words = ['ssl', endpointTls.verify ? verification(settings) : 'verify none'];
  if (endpointTls.serverName === undefined) return { words, checkWords: ['check-ssl'], problems: [] };
  const host = checkHostname(endpointTls.serverName);
  if (!host.ok || host.value.startsWith('*')) {
    return { words, checkWords: ['check-ssl'], problems: ['the TLS server name is no host name'] };
  }
  words.push(`sni str(${host.value})`);
  if (endpointTls.verify) words.push(`verifyhost ${host.value}`);
  return { words, checkWords: ['check-ssl', `check-sni ${host.value}`], problems: [] };
}
