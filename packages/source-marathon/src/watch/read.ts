import { isPipelineError } from '@signalbox/core';
import { badAnswer } from '../client/failures.ts';
import { ShapeError } from '../mapping/read-fields.ts';
import type { Session } from './session.ts';

/** Marathon limits requests that it handles at a time (`LimitConcurrentRequestsFilter.scala`); we are not its only client. */
const concurrency = 4;

/** Up to this many apps that a full answer no longer lists are asked for one by one; more look like a fault, and stay unexplained. */
const maxConfirmations = 16;

/** Reads all apps. Throws when that cannot be done; what is known stays as it was then. */
export async function readEverything({ client, registry, now }: Session, signal: AbortSignal): Promise<void> {
  const requestedAtMs = now();
  const values = await client.readApps(signal);
  let absent: readonly string[];
  try {
    absent = registry.applyAll(values, requestedAtMs);
  } catch (error) {
    if (error instanceof ShapeError) throw badAnswer(client.masters.ordered()[0]?.url ?? '', error.message);
    throw error;
  }
  const confirmed = absent.length <= maxConfirmations;
  await forEach(absent, async (id) => {
    const answer = confirmed ? await explainAbsence({ client, signal }, id) : undefined;
    // Listed a moment later: it was created anew in between. An empty list, however, is taken as it stands.
    if (answer?.found !== undefined && values.length > 0) registry.applyOne(id, answer.found, requestedAtMs);
    else registry.remove(id, answer !== undefined && answer.found === undefined);
  });
  await readDefinitions({ client, registry }, signal);
}

/**
 * Reads some apps.
 *
 * @returns the ids that are no apps; events about pods name those too.
 */
export async function readSome(
  { client, registry, now }: Session,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const unknown: string[] = [];
  await forEach(ids, async (id) => {
    const requestedAtMs = now();
    const answer = await client.readApp(id, signal);
    if (answer.found !== undefined) return registry.applyOne(id, answer.found, requestedAtMs);
    if (!registry.has(id)) unknown.push(id);
    registry.remove(id, true);
  });
  await readDefinitions({ client, registry }, signal);
  return unknown;
}

async function explainAbsence(
  { client, signal }: Pick<Session, 'client'> & { readonly signal: AbortSignal },
  id: string,
): Promise<Awaited<ReturnType<Session['client']['readApp']>> | undefined> {
  try {
    return await client.readApp(id, signal);
  } catch (error) {
    signal.throwIfAborted();
    // The full answer stands without the explanation; only the guards will not be told that the loss is wanted.
    if (isPipelineError(error)) return undefined;
    throw error;
  }
}

/** A definition that cannot be had now is asked for again with the next answer; until then as many ports as fit are paired. */
async function readDefinitions(
  { client, registry }: Pick<Session, 'client' | 'registry'>,
  signal: AbortSignal,
): Promise<void> {
  await forEach(registry.missingDefinitions(), async ({ id, version }) => {
    try {
      registry.addDefinition(id, version, await client.readDefinition(id, version, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (!isPipelineError(error)) throw error;
    }
  });
}

async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
}
