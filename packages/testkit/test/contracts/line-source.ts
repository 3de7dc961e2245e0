import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  defineSource,
  type PluginContext,
  type Service,
  type Source,
  SourceError,
  type SourcePlugin,
} from '@signalbox/core';
import type { Population, SourceHarness } from '../../src/contracts/source/source-harness.ts';
import { endpoint } from '../../src/data/endpoint.ts';
import { service } from '../../src/data/service.ts';
import { startMemoryUpstream } from './memory-upstream.ts';
import { strictSchema } from './strict-schema.ts';

export interface LineOptions {
  readonly port: number;
  readonly password: string;
}

/** What a broken source does wrong. */
export interface Flaws {
  /** Reads one line of the upstream; the default throws for what is no answer. */
  readonly readAnswer?: (line: string, options: LineOptions) => Population;
  readonly toServices?: (population: Population, context: PluginContext, options: LineOptions) => Service[];
  readonly ignoresAbort?: boolean;
  readonly leavesSocketOpen?: boolean;
  readonly ignoresSilence?: boolean;
  readonly throwsWhenAborted?: boolean;
  readonly neverResyncs?: boolean;
  readonly logsPassword?: boolean;
}

const silenceMs = 400;
const resyncMs = 100;

function lineSource(flaws: Flaws = {}): SourcePlugin<LineOptions> {
  return defineSource<LineOptions, LineOptions>({
    type: 'line',
    description: 'Reads sets from a socket, line by line.',
    options: strictSchema<LineOptions>({
      port: { type: 'integer', description: 'Port of the upstream on the loopback address.' },
      password: { type: 'string', description: 'Shown to nobody.', writeOnly: true },
    }),
    create: (options) => createSource(options, flaws),
  });
}

function createSource(options: LineOptions, flaws: Flaws): Source {
  return {
    async *watch(context) {
      const { signal } = context;
      if (signal.aborted && flaws.ignoresAbort !== true) return;
      const socket = connect(options.port, '127.0.0.1');
      const onAbort = (): void => void socket.destroy();
      if (flaws.ignoresAbort !== true) signal.addEventListener('abort', onAbort, { once: true });
      const timer = flaws.neverResyncs === true ? undefined : setInterval(() => socket.write('?'), resyncMs);
      const silence = setTimeout(() => socket.destroy(timeoutError()), silenceMs);
      if (flaws.ignoresSilence === true) clearTimeout(silence);
      if (flaws.leavesSocketOpen === true) connect(options.port, '127.0.0.1');
      try {
        for await (const line of readLines(socket)) {
          if (flaws.ignoresSilence !== true) silence.refresh();
          if (flaws.logsPassword === true) context.logger.debug({ url: `line://:${options.password}@` }, 'reading');
          yield toSet(line, context, options, flaws);
        }
      } catch (error) {
        if (signal.aborted) {
          if (flaws.throwsWhenAborted === true) throw new Error('socket hang up');
          return;
        }
        throw toSourceError(error);
      } finally {
        clearInterval(timer);
        clearTimeout(silence);
        signal.removeEventListener('abort', onAbort);
        socket.destroy();
      }
      if (!signal.aborted) throw new SourceError('the upstream closed the connection', { code: 'SOURCE_UNREACHABLE' });
    },
    async probe({ signal }) {
      const socket = connect(options.port, '127.0.0.1');
      try {
        socket.setTimeout(silenceMs, () => socket.destroy(timeoutError()));
        const [first] = await Promise.race([once(socket, 'data', { signal }), closed(socket)]);
        readAnswer(String(first).trim());
      } catch (error) {
        throw toSourceError(error);
      } finally {
        socket.destroy();
      }
    },
  };
}

function toSet(line: string, context: PluginContext, options: LineOptions, flaws: Flaws): Service[] {
  return (flaws.toServices ?? toServices)((flaws.readAnswer ?? readAnswer)(line, options), context, options);
}

export function readAnswer(line: string): Population {
  if (line === 'null') throw new SourceError('the upstream refuses the password', { code: 'SOURCE_UNAUTHORIZED' });
  if (line === 'error') throw new SourceError('the upstream answers with an error', { code: 'SOURCE_BAD_RESPONSE' });
  try {
    return JSON.parse(line) as Population;
  } catch (cause) {
    throw new SourceError('reading the answer of the upstream', { code: 'SOURCE_BAD_RESPONSE', cause });
  }
}

export function toServices(population: Population, { id }: PluginContext): Service[] {
  return Object.entries(population)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, count]) =>
      service(`/${name}`, {
        source: id,
        endpoints: Array.from({ length: count }, (_, index) =>
          endpoint({ id: `${name}-${index}`, port: 8001 + index }),
        ),
      }),
    );
}

async function* readLines(socket: Socket): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of socket) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

async function closed(socket: Socket): Promise<never> {
  await once(socket, 'close');
  throw new Error('the upstream closed the connection');
}

function timeoutError(): SourceError {
  return new SourceError(`the upstream is silent for ${silenceMs} ms`, { code: 'SOURCE_TIMEOUT' });
}

function toSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  return new SourceError('reading from the upstream', { code: 'SOURCE_UNREACHABLE', cause: error });
}

/** The harness of a line source, with or without flaws. */
export function lineHarness(flaws: Flaws = {}): SourceHarness<LineOptions> {
  const plugin = lineSource(flaws);
  return {
    plugin,
    packageType: 'line',
    load: async () => ({ default: plugin }),
    timeoutMs: 1_000,
    async start() {
      const upstream = await startMemoryUpstream();
      const password = 'open-sesame';
      return { ...upstream, options: { port: upstream.port, password }, credentials: [password] };
    },
  };
}
