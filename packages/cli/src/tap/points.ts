import type { PipelineOptions, PipelineTrace, Service } from '@signalbox/core';
import { suggest } from '../config/suggest.ts';
import { UsageError } from '../exit-codes.ts';

/** A set of services that passes a point. Its identity says whether it is another one. */
export type PassingSet = readonly Service[] | ReadonlyMap<string, Service>;

export type TapPoint =
  | { readonly kind: 'services'; readonly read: (trace: PipelineTrace) => PassingSet | undefined }
  | { readonly kind: 'plans'; readonly sink: string }
  | { readonly kind: 'events' };

/** @throws {UsageError} for what is no point of this pipeline, with what was probably meant */
export function choosePoint(name: string, options: PipelineOptions): TapPoint {
  const points = listPoints(options);
  const point = points.get(name);
  if (point !== undefined) return point;
  const meant = suggest(name, points.keys());
  const known = `there are ${[...points.keys()].join(', ')}`;
  throw new UsageError(
    `there is no point "${name}"`,
    meant === undefined ? known : `did you mean "${meant}"? ${known}`,
  );
}

function listPoints({ sources, transforms = [], sinks }: PipelineOptions): ReadonlyMap<string, TapPoint> {
  const points = new Map<string, TapPoint>();
  const add = (name: string, read: (trace: PipelineTrace) => PassingSet | undefined): void => {
    points.set(name, { kind: 'services', read });
  };
  for (const [id, entry] of Object.entries(sources)) {
    add(`sources.${id}`, (trace) => trace.sources[id]?.announced);
    add(`sources.${id}.guarded`, (trace) => trace.sources[id]?.inForce);
    for (const index of ownTransforms(entry).keys()) {
      add(`sources.${id}.transforms[${index}]`, (trace) => trace.sources[id]?.transforms[index]);
    }
  }
  for (const index of transforms.keys()) add(`transforms[${index}]`, (trace) => trace.transforms[index]);
  add('catalog', (trace) => trace.catalog?.services);
  for (const [id, entry] of Object.entries(sinks)) {
    for (const index of ownTransforms(entry).keys()) {
      add(`sinks.${id}.transforms[${index}]`, (trace) => trace.sinks[id]?.transforms[index]);
    }
    points.set(`sinks.${id}`, { kind: 'plans', sink: id });
  }
  return points.set('events', { kind: 'events' });
}

function ownTransforms(entry: object): readonly unknown[] {
  return 'transforms' in entry && Array.isArray(entry.transforms) ? entry.transforms : [];
}
