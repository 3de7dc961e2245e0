/** How a listener speaks TLS. */
export interface ListenerTlsOptions {
  /** Default `1.2`. */
  readonly minVersion?: '1.2' | '1.3';
  /** Protocols offered by ALPN, the best first. Default `['h2', 'http/1.1']`. */
  readonly alpn?: readonly ('h2' | 'http/1.1')[];
  /** For TLS 1.2, in OpenSSL's words. Default: the proxy's own. */
  readonly ciphers?: string;
  /** For TLS 1.3, in OpenSSL's words. Default: the proxy's own. */
  readonly cipherSuites?: string;
  /** Refuse the handshake of clients that name no host of a certificate, instead of showing them the default. Default false. */
  readonly strictSni?: boolean;
}

/** For sinks that verify certificates of clients. */
export interface VerifyingTlsOptions extends ListenerTlsOptions {
  /** Clients show a certificate. Default: they are not asked for one. */
  readonly clientCertificates?: ClientCertificateOptions;
}

export interface ClientCertificateOptions {
  /** File with the authorities that certificates of clients have to come from, in PEM; it is watched. */
  readonly caFile: string;
  /** File with lists of revoked certificates, in PEM, one for each authority; it is watched. Default none. */
  readonly crlFile?: string;
  /** Whether a client may come without a certificate. One that is wrong is refused either way. Default `required`. */
  readonly verify?: 'required' | 'optional';
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

export interface EndpointTlsOptions {
  /** File with the authorities that endpoints are verified against, in PEM. Default: those of the system. */
  readonly caFile?: string;
}
