import { badAnswer, parseJson, readAnswer, statusError, withoutCredentials } from '@signalbox/source-kit';
import type { Agent } from 'undici';
import { upstream } from '../reading.ts';
import { ShapeError } from '../records/shape-error.ts';
import type { HttpServer } from './server.ts';

export interface ApiOptions {
  readonly agent: Agent;
  readonly server: HttpServer;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** An answer of the HTTP API, and when it was given by the server's own clock. */
export interface ApiAnswer<Value> {
  readonly value: Value;
  /** Epoch milliseconds; absent if the answer does not say. */
  readonly dateMs?: number;
}

/**
 * One GET. Undefined when there is no such path: `EnumerationOn` is false, or the version does not have it yet.
 *
 * @param parse - throws a {@link ShapeError} for an answer of another shape
 * @throws {SourceError} when there is no usable answer.
 */
export async function getPath<Value>(
  path: string,
  parse: (value: unknown) => Value,
  { agent, server, timeoutMs, signal }: ApiOptions,
): Promise<ApiAnswer<Value> | undefined> {
  const authorization = await server.authorization?.();
  const url = `${server.url}${path}`;
  const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }) };
  const answer = await readAnswer({ agent, url, headers, timeoutMs, signal, upstream });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200)
    throw statusError({ ...answer, body: withoutCredentials(answer.body, authorization) }, upstream);
  const dateMs = Date.parse(answer.header('date') ?? '');
  try {
    return { value: parse(parseJson(answer, upstream)), ...(!Number.isNaN(dateMs) && { dateMs }) };
  } catch (error) {
    throw error instanceof ShapeError ? badAnswer(url, error.message, upstream, error) : error;
  }
}
