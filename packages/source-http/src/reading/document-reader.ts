import { createHash } from 'node:crypto';
import {
  badAnswer,
  type HttpAnswer,
  parseJson,
  readAnswer,
  showUrl,
  statusError,
  type Upstream,
  withoutCredentials,
} from '@signalbox/source-kit';
import { type DocumentService, readData } from '@signalbox/source-kit/documents';
import type { Agent } from 'undici';
import type { HttpEndpoint } from './parse-endpoints.ts';
import { readValidators, type Validators } from './validators.ts';

export interface DocumentReaderOptions {
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly serviceLabel: string;
  readonly fallbackName: string;
}

/** What one URL said last. Equal answers give the same object. */
export interface ReadDocument {
  /** Without credentials and query. */
  readonly url: string;
  readonly services: readonly DocumentService[];
}

interface Known {
  readonly document: ReadDocument;
  readonly digest: string;
  readonly validators: Validators | undefined;
}

const upstream: Upstream = {
  system: 'the server',
  nothing: 'no services',
  reachHint: 'check the URL, and that its server runs and can be reached',
};

/** Larger answers are no list of services, but a mistake. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads URLs again and again. What each of them said last is kept apart from the others, because "not modified" is said by one server of
 * its own answer.
 */
export class DocumentReader {
  readonly #options: DocumentReaderOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: DocumentReaderOptions) {
    this.#options = options;
  }

  /** @throws {SourceError} for everything that is no list of services. */
  async read({ url, authorization: readCredentials }: HttpEndpoint, signal: AbortSignal): Promise<ReadDocument> {
    const { agent, timeoutMs } = this.#options;
    const known = this.#known.get(url);
    const authorization = await readCredentials?.();
    const headers = {
      accept: 'application/json',
      ...known?.validators,
      ...(authorization !== undefined && { authorization }),
    };
    const answer = await readAnswer({ agent, url, headers, timeoutMs, signal, upstream, maxBytes });
    if (answer.status === 304 && known?.validators !== undefined) return known.document;
    if (answer.status !== 200) throw refusal(answer, authorization);
    const digest = createHash('sha256').update(answer.body).digest('base64');
    const document = digest === known?.digest ? known.document : this.#parse(answer);
    this.#known.set(url, { document, digest, validators: readValidators(answer) });
    return document;
  }

  #parse(answer: HttpAnswer): ReadDocument {
    const result = readData(parseJson(answer, upstream), this.#options);
    if ('services' in result) return { url: answer.url, services: result.services };
    const [{ message }, ...others] = result.issues;
    throw badAnswer(answer.url, others.length === 0 ? message : `${message} (and ${others.length} more)`, upstream);
  }
}

function refusal(answer: HttpAnswer, authorization: string | undefined): Error {
  const location = answer.header('location');
  if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
    const target = showUrl(location, answer.url);
    return badAnswer(answer.url, `it is a redirect to ${target}, which is not followed`, upstream);
  }
  return statusError({ ...answer, body: withoutCredentials(answer.body, authorization) }, upstream);
}
