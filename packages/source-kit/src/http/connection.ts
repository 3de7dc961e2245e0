import { Agent, buildConnector } from 'undici';
import { checkCertificates } from './check-certificates.ts';
import { SecretFile } from './secret-file.ts';

type Connect = ReturnType<typeof buildConnector>;

/** How to verify an upstream, and how to identify to it. Of each text and its file only one is given; see `tlsSchema`. */
export interface TlsOptions {
  /** PEM text of the certificate authorities to trust instead of the system's. */
  readonly ca?: string | undefined;
  /** This file and the others are read for every new connection, so that renewed ones are used. */
  readonly caFile?: string | undefined;
  /** PEM text of the client certificate. */
  readonly cert?: string | undefined;
  readonly certFile?: string | undefined;
  /** PEM text of the client certificate's private key. */
  readonly key?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Name to expect in the server's certificate, when it is not that of the URL. */
  readonly serverName?: string | undefined;
  /** Accept any server certificate. Default false. */
  readonly insecure?: boolean | undefined;
}

/** A server that does not even accept the connection must not hold up the others. */
const connectTimeoutMs = 5_000;

const names = ['ca', 'cert', 'key'] as const;

/**
 * The sockets of one run of `watch` or `probe`; nothing global. Certificates are read for every new connection, so that
 * renewed files are used without a restart. Whoever opens it destroys it.
 *
 * @throws {SourceError} `SOURCE_UNREACHABLE` when a certificate cannot be read.
 */
export async function openConnection(tls: TlsOptions | undefined): Promise<Agent> {
  const current = connectorReader(tls);
  await current();
  return new Agent({
    connections: 8,
    // The stream may be silent for long and REST answers may be long: time-outs are set per request.
    bodyTimeout: 0,
    connect(options, callback) {
      // Certificates that cannot be parsed are found at the first use, by an exception.
      let isCalled = false;
      const callOnce: typeof callback = (...result) => {
        if (!isCalled) callback(...result);
        isCalled = true;
      };
      current()
        .then((connect) => connect(options, callOnce))
        .catch((error: Error) => callOnce(error, null));
    },
  });
}

/**
 * Gives the same connector, with its TLS sessions, as long as the certificates stay the same. Files that are being replaced, one after the
 * other, do not go together for a moment: until they do, what they held before is used.
 */
function connectorReader(tls: TlsOptions | undefined): () => Promise<Connect> {
  const nameOf = (name: (typeof names)[number]): string =>
    `tls.${name}${tls?.[`${name}File`] === undefined ? '' : 'File'}`;
  const readers = names.map((name) => {
    const path = tls?.[`${name}File`];
    if (path === undefined) return async () => tls?.[name];
    const file = new SecretFile(nameOf(name), path);
    return () => file.read();
  });
  let known: { readonly texts: readonly (string | undefined)[]; readonly connect: Connect } | undefined;
  return async () => {
    const texts = await Promise.all(readers.map((read) => read()));
    if (known !== undefined && texts.every((text, index) => text === known?.texts[index])) return known.connect;
    const [ca, cert, key] = texts;
    try {
      checkCertificates({ ca, cert, key, nameOf });
    } catch (error) {
      if (known === undefined) throw error;
      return known.connect;
    }
    known = { texts, connect: createConnector(tls, texts) };
    return known.connect;
  };
}

function createConnector(tls: TlsOptions | undefined, texts: readonly (string | undefined)[]): Connect {
  const [ca, cert, key] = texts;
  return buildConnector({
    timeout: connectTimeoutMs,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(tls?.serverName !== undefined && { servername: tls.serverName }),
    ...(tls?.insecure === true && { rejectUnauthorized: false }),
  });
}
