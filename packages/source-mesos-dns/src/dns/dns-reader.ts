import type { Preference } from '@signalbox/source-kit';
import {
  AddressCache,
  type DnsServer,
  formatDnsServer,
  queryDns,
  resolveAddresses,
  resolveSrv,
} from '@signalbox/source-kit/dns';
import { checkLoaded } from '../names/check-loaded.ts';
import type { Lookup } from '../names/lookup.ts';
import { readNames } from '../names/read-names.ts';
import type { ResolvedMesosDnsOptions } from '../options.ts';
import type { Reader, Reading } from '../reading.ts';
import type { Freshness } from '../watch/freshness.ts';

export interface DnsReaderParts {
  readonly options: ResolvedMesosDnsOptions;
  /** These two outlive a run. */
  readonly servers: Preference<DnsServer>;
  readonly freshness: Freshness;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

/** Datagrams get lost, so one attempt must not take the time of all. */
const maxAttemptMs = 2_000;
const defaultStaleAfterMs = 180_000;

/** Asks for the configured names by DNS. */
export class DnsReader implements Reader {
  readonly #parts: DnsReaderParts;
  readonly #cache: AddressCache;

  constructor(parts: DnsReaderParts) {
    this.#parts = parts;
    this.#cache = new AddressCache(parts.now);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async read(signal: AbortSignal): Promise<Reading | undefined> {
    this.#cache.prune();
    return await this.#parts.servers.first(async (server) => {
      try {
        return await this.#readServer(server, this.#cache, signal);
      } catch (error) {
        this.#parts.freshness.noteFailure(formatDnsServer(server));
        throw error;
      }
    }, signal);
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.#parts.servers.some(async (server) => {
      await this.#readServer(server, new AddressCache(this.#parts.now), signal);
    }, signal);
  }

  async #readServer(server: DnsServer, cache: AddressCache, signal: AbortSignal): Promise<Reading | undefined> {
    const { names = [], domain, requestTimeoutMs, staleAfterMs = defaultStaleAfterMs } = this.#parts.options;
    const url = formatDnsServer(server);
    const query = { servers: [server], signal, timeoutMs: Math.min(requestTimeoutMs, maxAttemptMs) };
    let shortestTtlSeconds = Number.POSITIVE_INFINITY;
    const createLookup = (stop: AbortSignal): Lookup => {
      const single = { ...query, signal: stop };
      // It may have been set not to say when it cuts an answer off (`SetTruncateBit: false`), so lists are read over TCP.
      const lists = { ...single, transport: 'tcp' } as const;
      return {
        async services(name) {
          const { records, ttlSeconds = shortestTtlSeconds } = await resolveSrv(name, lists);
          shortestTtlSeconds = Math.min(shortestTtlSeconds, ttlSeconds);
          return records;
        },
        // These two change as a whole and mean much; those of an instance last as long as it does.
        async addresses(name) {
          if (name === `leader.${domain}` || name === `slave.${domain}`) {
            return (await resolveAddresses(name, lists)).addresses;
          }
          return await cache.addresses(name, () => resolveAddresses(name, single));
        },
      };
    };
    const serial = await readSerial(domain, query);
    const table = await readNames(names, domain, createLookup, signal);
    checkLoaded(table, url);
    if (serial !== undefined && !this.#parts.freshness.isNews(url, { serial, staleAfterMs })) return undefined;
    return {
      table,
      tasks: new Map(),
      ...(shortestTtlSeconds !== Number.POSITIVE_INFINITY && { expiresInMs: shortestTtlSeconds * 1_000 }),
    };
  }
}

/** Mesos-DNS answers for the SOA in the authority section. */
async function readSerial(domain: string, query: Parameters<typeof queryDns>[2]): Promise<number | undefined> {
  const { answers, authorities } = await queryDns(domain, 'SOA', query);
  const found = [...answers, ...authorities].find(({ type }) => type === 'SOA');
  return (found?.data as { readonly serial?: number } | undefined)?.serial;
}
