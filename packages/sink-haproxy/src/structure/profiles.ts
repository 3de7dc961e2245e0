import type { Backend } from '../desired/model.ts';
import { type Shaped, shapeOf } from './shape.ts';

/** Everything that backends have in common which can take each other's place. */
export interface Profile extends Shaped {
  /** `http` and `tcp` for the default settings, others with digits of their shape: `http-1f2e3d4c`. */
  readonly name: string;
}

/** The default ones included. With 16 spares of each, of 10.5 KiB on 2.6, this is less than 3 MiB. */
const mostProfiles = 16;

const defaults: readonly Shaped[] = [
  { mode: 'http', lines: [] },
  { mode: 'tcp', lines: [] },
];

/**
 * The profiles that a process with these backends shall know: HTTP and TCP with default settings, and those that most of the backends have. One
 * that is used once is as likely as another to be used again; so all count, up to the limit.
 */
export function listProfiles(backends: ReadonlyMap<string, Backend>): readonly Profile[] {
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
    .map((shaped) => ({ name: profileOf(shaped), mode: shaped.mode, lines: shaped.lines }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

export function profileOf(shaped: Shaped): string {
  return shaped.lines.length === 0 ? shaped.mode : `${shaped.mode}-${shapeOf(shaped).slice(0, 8)}`;
}

/** The section of the configuration that a backend added at runtime takes its settings from. */
export function defaultsName({ name }: Pick<Profile, 'name'>): string {
  return `d_${name}`;
}

export function isDefaultsName(name: string): boolean {
  return /^d_(?:http|tcp)(?:-[0-9a-f]{8})?$/.test(name);
}
