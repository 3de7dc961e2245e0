import { readFile } from 'node:fs/promises';
import { messageOf, SourceError } from '@signalbox/core';
import { Agent } from 'undici';
import type { ResolvedMarathonOptions } from '../options.ts';

type TlsOptions = NonNullable<ResolvedMarathonOptions['tls']>;

/** A master that does not even accept the connection must not hold up the others. */
const connectTimeoutMs = 5_000;

/**
 * The sockets of one run of `watch` or `probe`; nothing global. Certificates are read here, so that renewed files are used
 * from the next start on. Whoever opens it destroys it.
 *
 * @throws {SourceError} `SOURCE_UNREACHABLE` when a certificate file cannot be read.
 */
export async function openConnection(tls: TlsOptions | undefined): Promise<Agent> {
  const [ca, cert, key] = await Promise.all([
    tls?.ca ?? readPem('caFile', tls?.caFile),
    tls?.cert ?? readPem('certFile', tls?.certFile),
    tls?.key ?? readPem('keyFile', tls?.keyFile),
  ]);
  return new Agent({
    connections: 8,
    // The stream may be silent for long and REST answers may be long: time-outs are set per request.
    bodyTimeout: 0,
    connect: {
      timeout: connectTimeoutMs,
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(tls?.serverName !== undefined && { servername: tls.serverName }),
      ...(tls?.insecure === true && { rejectUnauthorized: false }),
    },
  });
}

async function readPem(option: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SourceError(`reading the file of the option "tls.${option}": ${messageOf(error)}`, {
      code: 'SOURCE_UNREACHABLE',
      cause: error,
      hint: 'check the path and the rights of the file',
    });
  }
}
