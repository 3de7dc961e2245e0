import { messageOf, type PipelineError, type PipelineStatus } from '@signalbox/core';

/** The status for machines: errors with code, message and hint, and without stacks. */
export function toStatusData({ catalogVersion, sources, transforms, sinks }: PipelineStatus): unknown {
  return {
    catalogVersion,
    sources: describeAll(sources),
    transforms: describeAll(transforms),
    sinks: describeAll(sinks),
  };
}

function describeAll(parts: Readonly<Record<string, { readonly error?: PipelineError }>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parts).map(([id, { error, ...rest }]) => [
      id,
      error === undefined ? rest : { ...rest, error: describe(error) },
    ]),
  );
}

function describe(error: PipelineError): object {
  return { code: error.code, message: messageOf(error), hint: error.hint };
}

/** What is missing until every sink has applied a catalog once; empty from then on. */
export function findUnready({ sources, sinks }: PipelineStatus): readonly string[] {
  const silent = Object.entries(sources).flatMap(([id, { health }]) =>
    health === 'never' ? [`source ${id} has not answered`] : [],
  );
  const waiting = Object.entries(sinks).flatMap(([id, { appliedVersion }]) =>
    appliedVersion === 0 ? [`sink ${id} has applied nothing`] : [],
  );
  return waiting.length === 0 ? [] : [...silent, ...waiting];
}
