import type { IncomingHttpHeaders } from 'node:http';
import { type Agent, request } from 'node:https';
import { type ConnectionOptions, connect, TLSSocket } from 'node:tls';

export interface Handshake {
  /** Serial number of the certificate shown, in lower-case hexadecimal. */
  readonly serial: string;
  readonly commonName: string;
  readonly protocol: string | false | null;
}

/** One handshake; rejects when the server refuses it. */
export async function shakeHands(port: number, options: ConnectionOptions = {}): Promise<Handshake> {
  const socket = await openTls(port, options);
  const { serialNumber, subject } = socket.getPeerCertificate();
  const protocol = socket.alpnProtocol;
  socket.destroy();
  return { serial: serialNumber.toLowerCase(), commonName: String(subject.CN), protocol };
}

/** Without `servername` the client names no host. */
export function openTls(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => resolve(socket));
    socket.setTimeout(10_000, () => socket.destroy(new Error('no handshake within 10 s')));
    socket.on('error', reject);
  });
}

export interface TlsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the certificate that the server showed, in lower-case hexadecimal. */
  readonly serial: string;
}

export interface TlsRequestOptions {
  readonly host: string;
  readonly method?: string;
  readonly path?: string;
  /** What the handshake names. Default: `host`. */
  readonly servername?: string;
  readonly ca?: string;
  readonly agent?: Agent | false;
  /** What the client shows of itself. */
  readonly certificate?: { readonly certificate: string; readonly key: string } | undefined;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** One request by HTTP/1.1, over a connection of its own unless there is an agent. */
export function requestTls(
  port: number,
  {
    host,
    method = 'GET',
    path = '/',
    servername = host,
    ca,
    agent = false,
    certificate,
    headers = {},
  }: TlsRequestOptions,
): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        servername,
        headers: { host, ...headers },
        timeout: 10_000,
        ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
        ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
      },
      (response) => {
        const { socket } = response;
        const serial = socket instanceof TLSSocket ? (socket.getPeerCertificate().serialNumber ?? '') : '';
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, serial: serial.toLowerCase() }),
        );
        response.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
