import type { LastKnownGoodStore } from './options.ts';

export function fileLastKnownGood(_directory: string): LastKnownGoodStore {
  throw new Error('being built');
}
