import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ParsedApp, parseApp } from './parse-app.ts';
import { ShapeError } from './read-fields.ts';

type Json = Record<string, unknown>;

const samples = [
  'apps-0.8-embed-tasks.json',
  'apps-1.1-readiness-deploying.json',
  'apps-1.4-embed.json',
  'apps-1.5-embed.json',
  'apps-1.10-embed.json',
].flatMap((file) =>
  readApps(file).map((value): [string, Json] => [`${file} ${(value as { id: string }).id}`, value as Json]),
);

describe.each(samples)('%s', (_name, value) => {
  it('gives the app of the answer before when nothing changed, in whatever order the tasks come', () => {
    const known = parseApp(value);
    const again = structuredClone(value);
    (again.tasks as unknown[]).reverse();
    expect(parseApp(again, known)).toBe(known);
  });

  it('gives the app of the answer before when only times and counters of checks changed', () => {
    const known = parseApp(value);
    const again = structuredClone(value) as Json & { tasks: Json[] };
    again.tasksHealthy = 77;
    for (const { healthCheckResults } of again.tasks) {
      for (const result of (healthCheckResults ?? []) as (Json | null)[]) {
        if (result === null) continue;
        result.consecutiveFailures = 9;
        if (result.lastSuccess != null) result.lastSuccess = '2026-01-01T00:00:00.000Z';
      }
    }
    expect(parseApp(again, known)).toBe(known);
  });

  it('reads every other change as if there had been no answer before', () => {
    const known = parseApp(value);
    for (const changed of changesOf(value)) {
      expect(outcomeOf(changed, known)).toEqual(outcomeOf(changed));
    }
  });
});

describe('a change of one task', () => {
  it('leaves the others and the definition as the same objects', () => {
    const value = structuredClone(samples.find(([name]) => name.endsWith('1.10-embed.json /dev/shop/api'))?.[1] ?? {});
    const known = parseApp(value);
    const [first] = value.tasks as Json[];
    const again = structuredClone(value) as Json & { tasks: Json[] };
    again.tasks[0]!.host = 'elsewhere';
    const parsed = parseApp(again, known);
    expect(parsed.app.ports).toBe(known.app.ports);
    expect(known.tasks.size).toBeGreaterThan(1);
    for (const [id, task] of known.tasks) {
      if (id === first?.id) expect(parsed.tasks.get(id)?.host).toBe('elsewhere');
      else expect(parsed.tasks.get(id)).toBe(task);
    }
  });
});

/** The same app with each of its keys left out, null, and of another value, one at a time and at every depth. */
function* changesOf(value: Json): Generator<Json> {
  for (const path of pathsOf(value)) {
    for (const replacement of [undefined, null, 'other', 7, []]) {
      const changed = structuredClone(value);
      const parent = path.slice(0, -1).reduce((node, key) => node[key] as Json, changed);
      parent[path.at(-1) ?? ''] = replacement;
      yield changed;
    }
  }
}

function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [[key], ...pathsOf(child).map((path) => [key, ...path])]);
}

function outcomeOf(value: unknown, known?: ParsedApp): unknown {
  try {
    return parseApp(value, known).app;
  } catch (error) {
    if (error instanceof ShapeError) return error.message;
    throw error;
  }
}

function readApps(file: string): unknown[] {
  const answer = JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')) as {
    apps: unknown[];
  };
  return answer.apps;
}
