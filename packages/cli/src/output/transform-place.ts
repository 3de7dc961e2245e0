import type { PluginKind } from '@signalbox/core';
import { formatPath, type Path } from '../config/tree.ts';

/** A plugin of the file, as far as its place goes. */
export interface PlacedPlugin {
  readonly kind: PluginKind;
  readonly path: Path;
}

/**
 * The place in the file of a transform that a pipeline names: `sinks.edge.transforms[0]` for `edge.transforms.0`, and
 * `transforms[0]` for `pipeline.transforms.0`. A source and a sink may have the same name; then both places are said.
 */
export function formatTransformPlace(id: string, plugins: readonly PlacedPlugin[]): string {
  const places = plugins.flatMap(({ kind, path }) =>
    kind === 'transform' && idOf(path) === id ? [formatPath(path)] : [],
  );
  return places.length === 0 ? id : places.join(' or ');
}

/** `['sinks', 'edge', 'transforms', 0]` is `edge.transforms.0`, and `['transforms', 0]` is `pipeline.transforms.0`. */
function idOf(path: Path): string {
  const owner = path.length === 2 ? 'pipeline' : path[1];
  return `${owner}.transforms.${path.at(-1)}`;
}
