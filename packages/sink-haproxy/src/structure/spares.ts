import type { Backend } from '../desired/model.ts';
import { listProfiles, type Profile } from './profiles.ts';
import type { Shaped } from './shape.ts';

/** A backend without servers that waits for a service of its shape. */
export interface Spare extends Shaped {
  /** `s_<profile>_<number>`. */
  readonly name: string;
}

/** The spares that go with these backends. */
export function listSpares(backends: ReadonlyMap<string, Backend>, countPerProfile: number): readonly Spare[] {
  if (countPerProfile === 0) return [];
  return listProfiles(backends).flatMap((profile) =>
    Array.from({ length: countPerProfile }, (_, index) => ({
      name: spareName(profile.name, index + 1),
      mode: profile.mode,
      lines: profile.lines,
    })),
  );
}

export function spareName(profile: Profile['name'], number: number): string {
  return `s_${profile}_${number}`;
}

export function isSpareName(name: string): boolean {
  return /^s_(?:http|tcp)(?:-[0-9a-f]{8})?_\d+$/.test(name);
}

/** Whether a backend of the process carries, or carried, a service, so that it may be emptied and removed. */
export function isServiceBackend(name: string): boolean {
  return name.startsWith('a_') || isSpareName(name);
}
