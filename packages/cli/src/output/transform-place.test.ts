import { expect, test } from 'vitest';
import { formatTransformPlace, type PlacedPlugin } from './transform-place.ts';

const plugins: readonly PlacedPlugin[] = [
  ['transforms', 0],
  ['transforms', 1],
  ['sources', 'mesos', 'transforms', 0],
  ['sinks', 'edge', 'transforms', 0],
  ['sources', 'same', 'transforms', 0],
  ['sinks', 'same', 'transforms', 0],
].map((path) => ({ kind: 'transform', path }));

test.each([
  ['pipeline.transforms.1', 'transforms[1]'],
  ['mesos.transforms.0', 'sources.mesos.transforms[0]'],
  ['edge.transforms.0', 'sinks.edge.transforms[0]'],
  ['same.transforms.0', 'sources.same.transforms[0] or sinks.same.transforms[0]'],
  ['gone.transforms.0', 'gone.transforms.0'],
])('%s is %s in the file', (id, place) => {
  expect(formatTransformPlace(id, plugins)).toBe(place);
});
