import { sha256 } from '@signalbox/sink-kit';
import type { Backend } from '../desired/model.ts';

/** What a section of a backend says, apart from its name and its servers: two backends of one shape can take each other's place. */
export type Shaped = Pick<Backend, 'mode' | 'lines'>;

const shapes = new WeakMap<Shaped, string>();
const serverShapes = new WeakMap<Backend, string>();

/** 12 hex digits. */
export function shapeOf(backend: Shaped): string {
  const known = shapes.get(backend);
  if (known !== undefined) return known;
  const shape = sha256([backend.mode, ...backend.lines].join('\n')).slice(0, 12);
  shapes.set(backend, shape);
  return shape;
}

/** What every server of the backend is added with, as 12 hex digits; it decides nothing while the backend has no servers. */
export function serverShapeOf(backend: Backend): string {
  const known = serverShapes.get(backend);
  if (known !== undefined) return known;
  const shape = sha256(backend.serverSettings).slice(0, 12);
  serverShapes.set(backend, shape);
  return shape;
}
