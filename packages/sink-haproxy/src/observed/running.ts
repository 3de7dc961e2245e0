import type { Backend, Desired, MapName } from '../desired/model.ts';
import type { Observed } from './model.ts';

/** What the process runs, in the form of a desired state: the files follow this, not what is still wanted. */
export interface Running {
  readonly hash: string;
  readonly desired: Desired;
}

/** A copy, since the desired state goes on changing. */
export function toRunning(desired: Desired, hash: string): Running {
  return { hash, desired: { ...desired, backends: new Map(desired.backends) } };
}

/** The same after servers and map entries changed at runtime. Costs what changed. */
export function withRuntimeChanges(
  running: Running,
  desired: Desired,
  changed: { readonly backends: Iterable<string>; readonly maps: Iterable<MapName>; readonly observed: Observed },
): Running {
  const backends = running.desired.backends as Map<string, Backend>;
  for (const name of changed.backends) {
    const before = backends.get(name);
    const wanted = desired.backends.get(name);
    if (before !== undefined && wanted !== undefined) backends.set(name, { ...before, servers: wanted.servers });
  }
  const maps = { ...running.desired.maps };
  for (const name of changed.maps) {
    const entries = changed.observed.maps.get(name) ?? new Map<string, string>();
    const compare = name === 'port' ? byNumber : byText;
    maps[name] = new Map([...entries].sort(([left], [right]) => compare(left, right)));
  }
  return { hash: running.hash, desired: { ...running.desired, backends, maps } };
}

function byNumber(left: string, right: string): number {
  return Number(left) - Number(right);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : 1;
}
