import { isPipelineError, SourceError } from '@signalbox/core';
import { badAnswer } from '../client/failures.ts';
import { ShapeError } from '../mapping/read-fields.ts';
import type { Session } from './session.ts';

/** Marathon limits requests that it handles at a time (`LimitConcurrentRequestsFilter.scala`); we are not its only client. */
const concurrency = 4;

/** Up to this many apps that a full answer no longer lists are asked for one by one; more look like a fault, and stay unexplained. */
const maxConfirmations = 16;

/** What the registry of one kind is brought up to date with. */
interface Reader {
  readonly registry: Session['registries']['apps'] | Session['registries']['pods'];
  readAll(): Promise<readonly unknown[]>;
  /** Resolves to undefined when Marathon says that there is none, or none that is selected. */
  readOne(id: string): Promise<unknown>;
  /** Resolves to null when Marathon no longer has it. */
  readDefinition(id: string, version: string): Promise<unknown>;
}

/** Reads all apps and pods. Throws when that cannot be done; what is known stays as it was then. */
export async function readEverything(session: Session, signal: AbortSignal): Promise<void> {
  await readKind(session, appReader(session, signal), signal);
  // Marathon knows no selector for pods, and one before 1.4 knows no pods.
  if (session.options.label !== undefined || !session.registries.mayShowPods) return;
  await readKind(session, podReader(session, signal), signal);
}

/**
 * Reads some apps and pods.
 *
 * @returns the ids that are neither.
 */
export async function readSome(
  session: Session,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const unknown: string[] = [];
  const apps = appReader(session, signal);
  const pods = session.registries.showsPods ? podReader(session, signal) : undefined;
  await forEach(ids, async (id) => {
    const order = pods?.registry.has(id) ? [pods, apps] : pods === undefined ? [apps] : [apps, pods];
    for (const reader of order) {
      const { registry } = reader;
      const requestedAtMs = session.now();
      const value = await reader.readOne(id);
      if (value !== undefined) return registry.applyOne(id, value, requestedAtMs);
      const known = registry.has(id);
      registry.remove(id, true);
      // An id that an app has cannot be that of a pod as well.
      if (known) return;
    }
    unknown.push(id);
  });
  for (const reader of [apps, pods]) if (reader !== undefined) await readDefinitions(reader, signal);
  return unknown;
}

function appReader({ client, registries }: Session, signal: AbortSignal): Reader {
  return {
    registry: registries.apps,
    readAll: () => client.readApps(signal),
    readOne: async (id) => (await client.readApp(id, signal)).found,
    readDefinition: (id, version) => client.readDefinition(id, version, signal),
  };
}

function podReader({ client, registries }: Session, signal: AbortSignal): Reader {
  const { pods } = registries;
  return {
    registry: pods,
    async readAll() {
      const values = await client.readPods(signal);
      if (values === undefined && pods.size > 0) throw lostSightOfPods(client.masters.ordered()[0]?.url ?? '');
      registries.notePods(values !== undefined);
      return values ?? [];
    },
    readOne: (id) => client.readPod(id, signal),
    readDefinition: (id, version) => client.readPodDefinition(id, version, signal),
  };
}

async function readKind({ client, now }: Session, reader: Reader, signal: AbortSignal): Promise<void> {
  const { registry } = reader;
  const requestedAtMs = now();
  const values = await reader.readAll();
  let absent: readonly string[];
  try {
    absent = registry.applyAll(values, requestedAtMs);
  } catch (error) {
    if (error instanceof ShapeError) throw badAnswer(client.masters.ordered()[0]?.url ?? '', error.message);
    throw error;
  }
  const confirmed = absent.length <= maxConfirmations;
  await forEach(absent, async (id) => {
    const explanation = confirmed ? await explainAbsence(reader, id, signal) : undefined;
    // Listed a moment later: it was created anew in between. An empty list, however, is taken as it stands.
    if (explanation?.found !== undefined && values.length > 0) registry.applyOne(id, explanation.found, requestedAtMs);
    else registry.remove(id, explanation !== undefined && explanation.found === undefined);
  });
  await readDefinitions(reader, signal);
}

async function explainAbsence(
  reader: Reader,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly found: unknown } | undefined> {
  try {
    return { found: await reader.readOne(id) };
  } catch (error) {
    signal.throwIfAborted();
    // The full answer stands without the explanation; only the guards will not be told that the loss is wanted.
    if (isPipelineError(error)) return undefined;
    throw error;
  }
}

/** A definition that cannot be had now is asked for again with the next answer; until then the present one is used as far as it fits. */
async function readDefinitions({ registry, readDefinition }: Reader, signal: AbortSignal): Promise<void> {
  await forEach(registry.missingDefinitions(), async ({ id, version }) => {
    try {
      registry.addDefinition(id, version, await readDefinition(id, version));
    } catch (error) {
      signal.throwIfAborted();
      if (!isPipelineError(error)) throw error;
    }
  });
}

/** Whoever showed pods before and does not now is broken, or was put there in between: it is no statement that they are gone. */
function lostSightOfPods(url: string): SourceError {
  return new SourceError(`reading the pods of ${url}: it no longer shows any, but says that there is no such thing`, {
    code: 'SOURCE_BAD_RESPONSE',
    url,
    hint: 'check what answers at this URL, and the rights to view pods',
  });
}

async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
}
