import { resolve } from 'node:path';
import { ConfigError } from '@signalbox/core';
import type { CertificateWishes } from '../certificates/certificate-warnings.ts';
import { listenerTls } from './tls-schemas.ts';

/** How a listener speaks TLS, with every default filled in. */
export interface ListenerTls {
  readonly minVersion: '1.2' | '1.3';
  readonly alpn: readonly ('h2' | 'http/1.1')[];
  readonly ciphers?: string | undefined;
  readonly cipherSuites?: string | undefined;
  readonly strictSni: boolean;
  /** Undefined where clients are not asked for a certificate. The paths are absolute. */
  readonly clientCertificates?: ClientCertificates | undefined;
}

export interface ClientCertificates {
  readonly caFile: string;
  readonly crlFile?: string | undefined;
  readonly verify: 'required' | 'optional';
}

/** A shared listener; `tls` is undefined where clients speak plain HTTP. */
export interface Listener {
  readonly name?: string | undefined;
  readonly address: string;
  readonly port: number;
  readonly tls: ListenerTls | undefined;
}

/** Where certificates come from. The path is absolute. */
export interface CertificateSettings extends CertificateWishes {
  readonly directory: string;
}

export interface TlsSettings {
  readonly listeners: readonly Listener[];
  readonly certificates: CertificateSettings | undefined;
  /** What endpoints are verified against, absolute; undefined for the authorities of the system. */
  readonly endpointCaFile: string | undefined;
}

/** What a schema made of the options. */
export interface ParsedTls {
  readonly listeners: readonly (Omit<Listener, 'tls'> & { readonly tls: boolean | ListenerTls })[];
  readonly certificates?:
    | { readonly directory: string; readonly default?: string | undefined; readonly expiryWarningDays: number }
    | undefined;
  readonly endpointTls: { readonly caFile?: string | undefined };
}

/** @throws {ConfigError} CONFIG_INVALID when a listener has TLS and there are no certificates. */
export function settleTls({ listeners, certificates, endpointTls }: ParsedTls): TlsSettings {
  if (certificates === undefined && listeners.some(({ tls }) => tls !== false)) {
    throw new ConfigError('a listener with `tls` needs certificates', {
      code: 'CONFIG_INVALID',
      hint: 'set `certificates.directory` to the folder where they are',
    });
  }
  return {
    listeners: listeners.map(({ tls, ...listener }) => ({
      ...listener,
      tls: tls === false ? undefined : settleListenerTls(tls === true ? listenerTls.parse({}) : tls),
    })),
    certificates: certificates && {
      ...certificates,
      directory: resolve(certificates.directory),
      default: certificates.default,
    },
    endpointCaFile: endpointTls.caFile === undefined ? undefined : resolve(endpointTls.caFile),
  };
}

/** The same with absolute paths. */
export function settleListenerTls({ clientCertificates, ...tls }: ListenerTls): ListenerTls {
  if (clientCertificates === undefined) return tls;
  const { caFile, crlFile, verify } = clientCertificates;
  return {
    ...tls,
    clientCertificates: {
      caFile: resolve(caFile),
      crlFile: crlFile === undefined ? undefined : resolve(crlFile),
      verify,
    },
  };
}
