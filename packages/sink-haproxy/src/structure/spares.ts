import type { Backend } from '../desired/model.ts';
import { type Shaped, shapeOf } from './shape.ts';

/** A backend without servers that waits for a service of its shape. */
export interface Spare extends Shaped {
  /** `s_<profile>_<number>`. */
  readonly name: string;
}

/** The default ones included. 10.5 KiB for each spare on 2.6: with 16 of each profile this is less than 3 MiB. */
const mostProfiles = 16;

const defaults: readonly Shaped[] = [
  { mode: 'http', lines: [] },
  { mode: 'tcp', lines: [] },
];

/**
 * The spares that go with these backends: for HTTP and TCP with default settings, and for the shapes that most of the backends have. A shape
 * that is used once is as likely as another to be used again; so all count, up to the limit.
 */
export function listSpares(backends: ReadonlyMap<string, Backend>, countPerProfile: number): readonly Spare[] {
  if (countPerProfile === 0) return [];
  const users = new Map<string, { readonly shaped: Shaped; count: number }>();
  for (const backend of backends.values()) {
    const known = users.get(shapeOf(backend));
    if (known === undefined) users.set(shapeOf(backend), { shaped: backend, count: 1 });
    else known.count += 1;
  }
  for (const shaped of defaults) users.delete(shapeOf(shaped));
  const others = [...users]
    .sort(([left, { count: ofLeft }], [right, { count: ofRight }]) => ofRight - ofLeft || (left < right ? -1 : 1))
    .slice(0, mostProfiles - defaults.length)
    .map(([, { shaped }]) => shaped);
  return [...defaults, ...others]
    .map((shaped) => ({ profile: profileOf(shaped), shaped }))
    .sort((left, right) => (left.profile < right.profile ? -1 : 1))
    .flatMap(({ profile, shaped: { mode, lines } }) =>
      Array.from({ length: countPerProfile }, (_, index) => ({ name: `s_${profile}_${index + 1}`, mode, lines })),
    );
}

/** `http` and `tcp` for the defaults, others with digits of their shape. */
export function profileOf(shaped: Shaped): string {
  return shaped.lines.length === 0 ? shaped.mode : `${shaped.mode}-${shapeOf(shaped).slice(0, 8)}`;
}

export function isSpareName(name: string): boolean {
  return /^s_(?:http|tcp)(?:-[0-9a-f]{8})?_\d+$/.test(name);
}
