import { settleDefaults } from '@signalbox/core';
import { formatDuration } from '../config/durations.ts';
import type { Frame, PluginFrame } from '../config/frame.ts';

/** A place of the pipeline that services pass. */
export interface GraphNode {
  /** Its place in the file, and its name for `tap`, e.g. `sinks.edge.transforms[0]`. */
  readonly point: string;
  readonly kind: 'source' | 'transform' | 'catalog' | 'sink';
  /** The plugin's type as it is written. */
  readonly type?: string;
  /** What else is worth knowing, e.g. `optional` or `settles 200ms to 2s`. */
  readonly detail?: string;
}

/** Services go from each source through its own transforms, then together on to the catalog, then through those of each sink. */
export interface PipelineGraph {
  /** Each begins with the source. */
  readonly sources: readonly (readonly GraphNode[])[];
  /** Ends with the catalog. */
  readonly trunk: readonly GraphNode[];
  /** Each ends with the sink. */
  readonly sinks: readonly (readonly GraphNode[])[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export function toPipelineGraph({ sources, transforms, sinks, settle }: Frame): PipelineGraph {
  return {
    sources: Object.entries(sources).map(([id, { type, required = true, transforms: own }]) => [
      { point: `sources.${id}`, kind: 'source', type, detail: required ? 'required' : 'optional' },
      ...toTransforms(`sources.${id}.transforms`, own),
    ]),
    trunk: [...toTransforms('transforms', transforms), { point: 'catalog', kind: 'catalog' }],
    sinks: Object.entries(sinks).map(([id, { type, settle: own, transforms: ownTransforms }]) => {
      const { minMs, maxMs } = { ...settleDefaults, ...settle, ...own };
      const detail = `settles ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
      return [
        ...toTransforms(`sinks.${id}.transforms`, ownTransforms),
        { point: `sinks.${id}`, kind: 'sink', type, detail },
      ];
    }),
  };
}

export function nodesOf({ sources, trunk, sinks }: PipelineGraph): readonly GraphNode[] {
  return [...sources.flat(), ...trunk, ...sinks.flat()];
}

export function edgesOf({ sources, trunk, sinks }: PipelineGraph): readonly GraphEdge[] {
  const [entry] = trunk;
  const chains = [
    ...sources.map((lane) => [...lane, ...(entry === undefined ? [] : [entry])]),
    trunk,
    ...sinks.map((lane) => [...trunk.slice(-1), ...lane]),
  ];
  return chains.flatMap((chain) =>
    chain.slice(1).map(({ point }, index) => ({ from: chain[index]?.point ?? '', to: point })),
  );
}

function toTransforms(place: string, transforms: readonly PluginFrame[] = []): readonly GraphNode[] {
  return transforms.map(({ type }, index) => ({ point: `${place}[${index}]`, kind: 'transform', type }));
}
