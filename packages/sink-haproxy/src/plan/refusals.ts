import type { RuntimeChange } from './runtime-change.ts';

/**
 * What the process did not take, twice in a row: it is not told again until it is another process, or something else is wanted. The reload that
 * brings it may have to wait, and until then every apply would fail with the same words.
 */
export interface Refusals {
  /** Forgets what another process refused. */
  startFor(pid: number): void;
  note(changes: readonly RuntimeChange[], places: ReadonlyMap<string, string>): void;
  has(change: RuntimeChange): boolean;
  /** Forgets what was looked at and is no difference any more; these are the differences. */
  keepWanted(
    differences: readonly RuntimeChange[],
    looked: { readonly backends: ReadonlySet<string>; readonly maps: boolean },
  ): void;
  /** Whether something is still wanted that a reload has to bring. */
  readonly some: boolean;
  /** Where to look whether it still is. */
  readonly backends: Iterable<string>;
  /** Backends that could not be added, or got no server, with the shape that was wanted there. A new object when it changed. */
  readonly places: ReadonlyMap<string, string>;
  /** Everything that is wanted has its place. */
  forgetPlaces(): void;
}

export function createRefusals(): Refusals {
  let pid: number | undefined;
  const known = new Map<string, RuntimeChange>();
  let places: ReadonlyMap<string, string> = new Map();
  const forgetPlaces = (): void => {
    if (places.size > 0) places = new Map();
  };
  return {
    startFor(next) {
      if (pid === next) return;
      pid = next;
      known.clear();
      forgetPlaces();
    },
    note(changes, refused) {
      for (const change of changes) known.set(essenceOf(change), change);
      if (refused.size > 0) places = new Map([...places, ...refused]);
    },
    has: (change) => known.size > 0 && known.has(essenceOf(change)),
    keepWanted(differences, { backends, maps }) {
      if (known.size === 0) return;
      const wanted = new Set(differences.map(essenceOf));
      for (const [essence, { server, backend = server?.backend }] of known) {
        const wasLookedAt = backend === undefined ? maps : backends.has(backend);
        if (wasLookedAt && !wanted.has(essence)) known.delete(essence);
      }
    },
    get some() {
      return known.size > 0;
    },
    get backends() {
      return [...known.values()].flatMap(({ server, backend = server?.backend }) => backend ?? []);
    },
    get places() {
      return places;
    },
    forgetPlaces,
  };
}

/**
 * What is wanted, in one command: how a server enters depends on others besides it, and an entry may have come to be since; neither makes it
 * another wish.
 */
function essenceOf({ steps }: RuntimeChange): string {
  const commands = steps.map(({ command }) => command);
  const [first = ''] = commands.filter((command) => !mapCommand.test(command));
  return first === '' ? (commands[0] ?? '').replace(mapCommand, '') : first;
}

const mapCommand = /^(?:add|set) map /;
