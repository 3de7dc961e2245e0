import {
  defineSource,
  delay,
  isEqualData,
  type PluginContext,
  type Service,
  type Snapshot,
  type SourcePlugin,
} from '@signalbox/core';
import { openConnection, Preference } from '@signalbox/source-kit';
import { joinServices } from '@signalbox/source-kit/documents';
import { type HttpOptions, optionsSchema, type ResolvedHttpOptions } from './options.ts';
import { DocumentReader, type ReadDocument } from './reading/document-reader.ts';
import { type HttpEndpoint, parseEndpoints } from './reading/parse-endpoints.ts';

/** Services that an HTTP server lists as JSON, in a form of our own or in that of Prometheus (`http_sd`); it is polled. */
export const http: SourcePlugin<HttpOptions> = defineSource<HttpOptions, ResolvedHttpOptions>({
  type: 'http',
  description: 'Services from an HTTP server: JSON, Prometheus http_sd included.',
  options: optionsSchema,
  create(options) {
    const endpoints = new Preference(parseEndpoints(options), 'no URL could be read');
    return {
      watch: (context) => poll(options, endpoints, context),
      async probe({ id, signal }) {
        await using connection = await openReader(options, id);
        await endpoints.some(async (endpoint) => {
          await connection.reader.read(endpoint, signal);
        }, signal);
      },
    };
  },
});

async function* poll(
  options: ResolvedHttpOptions,
  endpoints: Preference<HttpEndpoint>,
  { id, signal }: PluginContext,
): AsyncGenerator<Snapshot, void> {
  signal.throwIfAborted();
  await using connection = await openReader(options, id);
  const { reader } = connection;
  let document: ReadDocument | undefined;
  let snapshot: Snapshot | undefined;
  for (;;) {
    const before = document;
    document = await endpoints.first((endpoint) => reader.read(endpoint, signal), signal);
    if (document !== undefined && document !== before) {
      const joined = joinServices([{ name: document.url, services: document.services }], id);
      const { warnings } = joined;
      const services = joined.services.map(inOrder);
      // What is no longer named may be a server that has lost its mind, so no loss counts as intended.
      if (snapshot === undefined || !isEqualData({ services, warnings }, snapshot)) {
        snapshot = { services, warnings };
        yield snapshot;
      }
    }
    // Many instances that were started together should not poll together.
    await delay(options.pollIntervalMs * (0.9 + 0.2 * Math.random()), signal);
  }
}

/** Programs list targets as they come; another order is no change. */
function inOrder(service: Service): Service {
  const endpoints = service.endpoints.toSorted((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  return { ...service, endpoints };
}

interface OpenReader extends AsyncDisposable {
  readonly reader: DocumentReader;
}

async function openReader(options: ResolvedHttpOptions, sourceId: string): Promise<OpenReader> {
  const agent = await openConnection(options.tls);
  const { requestTimeoutMs: timeoutMs, serviceLabel, serviceName: fallbackName = sourceId } = options;
  return {
    reader: new DocumentReader({ agent, timeoutMs, serviceLabel, fallbackName }),
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}
