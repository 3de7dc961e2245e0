import { z } from 'zod';

/** How a listener speaks TLS. */
export interface ListenerTlsOptions {
  /** Default `1.2`. */
  readonly minVersion?: '1.2' | '1.3';
  /** Protocols offered by ALPN, the best first. Default `['h2', 'http/1.1']`. */
  readonly alpn?: readonly ('h2' | 'http/1.1')[];
  /** For TLS 1.2, in OpenSSL's words. Default: HAProxy's own. */
  readonly ciphers?: string;
  /** For TLS 1.3, in OpenSSL's words. Default: HAProxy's own. */
  readonly cipherSuites?: string;
  /** Refuse the handshake of clients that name no host of a certificate, instead of showing them the default. Default false. */
  readonly strictSni?: boolean;
}

/** Where the certificates of the listeners come from. */
export interface CertificateOptions {
  /**
   * Folder that is watched: `x.pem` with certificate, chain and key, `x.crt` or `x.pem` with `x.key`, and folders with `fullchain.pem` and
   * `privkey.pem` (certbot) or `tls.crt` and `tls.key` (Kubernetes).
   */
  readonly directory: string;
  /** Name of the certificate for clients that name no host, or an unknown one. Default: the first by name. */
  readonly default?: string;
  /** A plan warns this long before a certificate ends. Default 14. */
  readonly expiryWarningDays?: number;
}

const ciphers = z.string().regex(/^[A-Za-z0-9:!+@=_-]{1,2000}$/, "must be a list in OpenSSL's words");

export const listenerTls = z.strictObject({
  minVersion: z.enum(['1.2', '1.3']).default('1.2').meta({ description: 'The oldest version of TLS.' }),
  alpn: z
    .array(z.enum(['h2', 'http/1.1']))
    .min(1)
    .default(['h2', 'http/1.1'])
    .meta({ description: 'Protocols offered by ALPN, the best first.' }),
  ciphers: ciphers.optional().meta({ description: "For TLS 1.2, in OpenSSL's words. Default: HAProxy's own." }),
  cipherSuites: ciphers.optional().meta({ description: "For TLS 1.3, in OpenSSL's words. Default: HAProxy's own." }),
  strictSni: z
    .boolean()
    .default(false)
    .meta({ description: 'Refuse the handshake of clients that name no host of a certificate.' }),
});

export const certificateOptions = z.strictObject({
  directory: z.string().min(1).meta({ description: 'Folder of the certificates; it is watched.' }),
  default: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, 'must be the name of a certificate: its file without the extension')
    .optional()
    .meta({
      description:
        'Name of the certificate for clients that name no host, or an unknown one. Default: the first by name.',
    }),
  expiryWarningDays: z
    .int()
    .min(0)
    .max(3_650)
    .default(14)
    .meta({ description: 'A plan warns this long before a certificate ends.' }),
});
