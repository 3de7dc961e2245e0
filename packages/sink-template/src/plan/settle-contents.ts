import { type Catalog, isPipelineError, messageOf, type Service, SinkError } from '@signalbox/core';
import { findGuiltyItems } from '@signalbox/sink-kit';
import type { SinkState } from '../sink-state.ts';

/**
 * The contents of all files, without the services that a template or a check cannot take: those are left out, with the reason, until they change.
 *
 * @throws {SinkError} SINK_CHECK_FAILED when no service is to blame.
 */
export async function settleContents(
  state: SinkState,
  catalog: Catalog,
  { again, signal }: { readonly again: boolean; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  await state.templates.refresh();
  if (again) state.checks.forgetRefusals();
  const refused = new Map<Service, string>();
  for (const [service, reason] of again ? [] : state.refused) {
    if (catalog.services.get(service.id) === service) refused.set(service, reason);
  }
  const wanted = (): readonly Service[] => [...catalog.services.values()].filter((service) => !refused.has(service));
  const judge = (services: readonly Service[]): Promise<SinkError | undefined> =>
    judgeServices(state, services, signal);

  let refusal = await judge(wanted());
  if (refusal !== undefined) {
    if ((await judge([])) !== undefined) throw refusal;
    for (const [service, reason] of renderAlone(state, wanted())) refused.set(service, reason);
    refusal = await judge(wanted());
  }
  if (refusal !== undefined) {
    const guilty = await findGuiltyItems(wanted(), judge);
    if (guilty === undefined) throw refusal;
    for (const { item, error } of guilty) refused.set(item, reasonOf(error));
  }
  state.refused = refused;
  return state.templates.render(wanted());
}

async function judgeServices(
  state: SinkState,
  services: readonly Service[],
  signal: AbortSignal,
): Promise<SinkError | undefined> {
  try {
    return await state.checks.check(state.templates.render(services), signal);
  } catch (error) {
    if (isPipelineError(error) && error.code === 'SINK_CHECK_FAILED') return error as SinkError;
    throw error;
  }
}

/** Services that a template cannot take by themselves; cheaper than a search, since each is rendered once. */
export function renderAlone(state: SinkState, services: readonly Service[]): ReadonlyMap<Service, string> {
  const refused = new Map<Service, string>();
  for (const service of services) {
    try {
      state.templates.render([service]);
    } catch (error) {
      refused.set(service, reasonOf(error));
    }
  }
  return refused;
}

function reasonOf(error: unknown): string {
  const output = error instanceof SinkError ? error.output?.trim().split('\n').at(-1) : undefined;
  return output === undefined || output === '' ? messageOf(error) : `${messageOf(error)}: ${output}`;
}
