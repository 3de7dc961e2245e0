import { defineSource, type SourcePlugin } from '@signalbox/core';
import { combineErrors, Preference } from '@signalbox/source-kit';
import { AddressCache } from '@signalbox/source-kit/dns';
import { type NameAnswer, readName } from './names/read-name.ts';
import { type DnsOptions, optionsSchema, type ResolvedDnsName, type ResolvedDnsOptions } from './options.ts';
import { findServers } from './servers.ts';
import { NameMemory } from './watch/name-memory.ts';
import { watchNames } from './watch/watch-names.ts';

/** Services from SRV, A and AAAA records, asked for again as they expire. */
export const dns: SourcePlugin<DnsOptions> = defineSource<DnsOptions, ResolvedDnsOptions>({
  type: 'dns',
  description: 'Services from SRV, A and AAAA records of any DNS server.',
  options: optionsSchema,
  create(options) {
    const memory = new NameMemory(options.names);
    return {
      watch: (context) => watchNames({ options, memory, read: createReader(options) }, context),
      async probe({ signal }) {
        const read = createReader(options);
        const results = await Promise.allSettled(options.names.map((name) => read(name, signal)));
        signal.throwIfAborted();
        const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
        if (errors.length > 0) throw combineErrors(errors, 'some names could not be read');
      },
    };
  },
});

/** For one run: the servers of the system may have changed since the one before. */
function createReader(
  options: ResolvedDnsOptions,
): (name: ResolvedDnsName, signal: AbortSignal) => Promise<NameAnswer> {
  const { transport, requestTimeoutMs: timeoutMs } = options;
  const servers = new Preference(findServers(options), 'no DNS server could tell');
  const cache = new AddressCache(() => performance.now());
  return async (name, signal) => {
    cache.prune();
    const answer = await servers.first(
      (server) => readName(name, { server, cache, query: { transport, timeoutMs, signal } }),
      signal,
    );
    // Only a reader that may have no news gives nothing.
    if (answer === undefined) throw new TypeError('no DNS server was asked');
    return answer;
  };
}
