import { defineSource, type PluginContext, type SourcePlugin } from '@signalbox/core';
import { Preference } from '@signalbox/source-kit';
import { parseDnsServer } from '@signalbox/source-kit/dns';
import { DnsReader } from './dns/dns-reader.ts';
import { HttpReader } from './http/http-reader.ts';
import { parseServers } from './http/server.ts';
import { type MesosDnsOptions, optionsSchema, type ResolvedMesosDnsOptions } from './options.ts';
import type { Reader } from './reading.ts';
import { Freshness } from './watch/freshness.ts';
import { Memory } from './watch/memory.ts';
import { watchMesosDns } from './watch/watch.ts';

/** Services and endpoints of the tasks that a Mesos-DNS knows: one service per port of each task name. */
export const mesosDns: SourcePlugin<MesosDnsOptions> = defineSource<MesosDnsOptions, ResolvedMesosDnsOptions>({
  type: 'mesos-dns',
  description: 'Services and endpoints from Mesos-DNS, polled over HTTP or DNS.',
  options: optionsSchema,
  create(options) {
    const now = (): number => performance.now();
    const openReader = createReaders(options, now);
    const memories = new Map<string, Memory>();
    const memoryOf = ({ id: sourceId }: PluginContext): Memory => {
      const memory = memories.get(sourceId) ?? new Memory({ sourceId, options, now });
      memories.set(sourceId, memory);
      return memory;
    };
    return {
      watch: (context) => watchMesosDns({ options, memory: memoryOf(context), openReader }, context),
      async probe({ signal }) {
        // With a memory of its own: what a probe sees must not count as seen by the watch.
        await using reader = await createReaders(options, now)();
        await reader.probe(signal);
      },
    };
  },
});

const summary = 'no Mesos-DNS could be read';

function createReaders(options: ResolvedMesosDnsOptions, now: () => number): () => Promise<Reader> {
  const freshness = new Freshness(now);
  if (options.servers !== undefined) {
    const servers = new Preference(
      options.servers.flatMap((text) => parseDnsServer(text) ?? []),
      summary,
    );
    return async () => new DnsReader({ options, servers, freshness, now });
  }
  const servers = new Preference(parseServers(options), summary);
  return () => HttpReader.open({ options, servers, freshness });
}
