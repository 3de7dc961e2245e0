import { SourceError } from '@signalbox/core';
import { openConnection, type Preference } from '@signalbox/source-kit';
import type { Agent } from 'undici';
import { listTaskPorts } from '../mapping/ports.ts';
import { checkLoaded } from '../names/check-loaded.ts';
import { readNames } from '../names/read-names.ts';
import type { ResolvedMesosDnsOptions } from '../options.ts';
import type { Reader, Reading } from '../reading.ts';
import { parseAxfr, type Transfer } from '../records/parse-axfr.ts';
import { type Enumeration, parseEnumerate, type TaskIdentity } from '../records/parse-enumerate.ts';
import type { RecordTable } from '../records/record-table.ts';
import type { Freshness } from '../watch/freshness.ts';
import { type ApiAnswer, type ApiOptions, getPath } from './api.ts';
import { httpLookup } from './http-lookup.ts';
import type { HttpServer } from './server.ts';
import { checkVersion } from './version.ts';

export interface HttpReaderParts {
  readonly options: ResolvedMesosDnsOptions;
  /** These two outlive a run. */
  readonly servers: Preference<HttpServer>;
  readonly freshness: Freshness;
}

const noTasks: ReadonlyMap<string, TaskIdentity> = new Map();

/** Reads the whole table where Mesos-DNS gives it, and else the configured names. */
export class HttpReader implements Reader {
  readonly #agent: Agent;
  readonly #parts: HttpReaderParts;
  /** Ids of the tasks, which the table does not have. They are read again when a task appears. */
  #tasks = noTasks;

  private constructor(agent: Agent, parts: HttpReaderParts) {
    this.#agent = agent;
    this.#parts = parts;
  }

  static async open(parts: HttpReaderParts): Promise<HttpReader> {
    return new HttpReader(await openConnection(parts.options.tls), parts);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  async read(signal: AbortSignal): Promise<Reading | undefined> {
    return await this.#parts.servers.first(async (server) => {
      try {
        return await this.#readServer(server, signal);
      } catch (error) {
        this.#parts.freshness.noteFailure(server.url);
        throw error;
      }
    }, signal);
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.#parts.servers.some(async (server) => {
      await checkVersion(this.#api(server, signal));
      await this.#readServer(server, signal);
    }, signal);
  }

  async #readServer(server: HttpServer, signal: AbortSignal): Promise<Reading | undefined> {
    const api = this.#api(server, signal);
    const transfer = await getPath('/v1/axfr', parseAxfr, api);
    if (transfer !== undefined) return await this.#readTransfer(transfer, api);
    const enumeration = await this.#enumerate(api);
    if (enumeration !== undefined) return await this.#withMasters(enumeration, api);
    const { names, domain } = this.#parts.options;
    await checkVersion(api);
    if (names === undefined) throw cannotList(server.url);
    const table = await readNames(names, domain, (stop) => httpLookup({ ...api, signal: stop }), signal);
    checkLoaded(table, server.url);
    return { table, tasks: noTasks };
  }

  async #readTransfer({ value, dateMs }: ApiAnswer<Transfer>, api: ApiOptions): Promise<Reading | undefined> {
    const { table, serial, refreshSeconds } = value;
    checkLoaded(table, api.server.url);
    const staleAfterMs = this.#parts.options.staleAfterMs ?? 3 * refreshSeconds * 1_000;
    const ageMs = dateMs === undefined ? undefined : dateMs - serial * 1_000;
    const isNews = this.#parts.freshness.isNews(api.server.url, {
      serial,
      staleAfterMs,
      ...(ageMs !== undefined && { ageMs }),
    });
    return isNews ? { table, tasks: await this.#identify(table, api) } : undefined;
  }

  /** Most polls find nothing new, and then the ids, which make up two thirds of all there is to read, are not read again. */
  async #identify(table: RecordTable, api: ApiOptions): Promise<ReadonlyMap<string, TaskIdentity>> {
    const targets = new Set(listTaskPorts(table).map(({ instance }) => instance.target));
    if ([...targets].every((target) => this.#tasks.has(target))) return this.#tasks;
    const enumeration = await this.#enumerate(api);
    if (enumeration !== undefined) this.#tasks = enumeration.tasks;
    return this.#tasks;
  }

  async #enumerate(api: ApiOptions): Promise<Enumeration | undefined> {
    const { domain } = this.#parts.options;
    return (await getPath('/v1/enumerate', (value) => parseEnumerate(value, domain), api))?.value;
  }

  /** What belongs to no task is not enumerated. */
  async #withMasters({ table, tasks }: Enumeration, api: ApiOptions): Promise<Reading> {
    const masters = await readNames([], table.domain, (stop) => httpLookup({ ...api, signal: stop }), api.signal);
    checkLoaded(masters, api.server.url);
    return { table: { ...table, addresses: new Map([...table.addresses, ...masters.addresses]) }, tasks };
  }

  #api(server: HttpServer, signal: AbortSignal): ApiOptions {
    return { agent: this.#agent, server, timeoutMs: this.#parts.options.requestTimeoutMs, signal };
  }
}

function cannotList(url: string): SourceError {
  return new SourceError(`reading ${url}: this Mesos-DNS does not list its records`, {
    code: 'SOURCE_NOT_FOUND',
    url,
    hint: 'set "EnumerationOn" to true in its configuration, or give the option "names"',
  });
}
