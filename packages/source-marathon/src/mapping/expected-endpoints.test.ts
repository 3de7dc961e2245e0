import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { App } from './app.ts';
import { routingOf } from './endpoints.ts';
import { parseApp, parseDefinition } from './parse-app.ts';
import { isReady } from './readiness.ts';
import { hostPortCountOf, taskPortsOf } from './task-addresses.ts';

interface ExpectedApp {
  readonly mode: string;
  readonly ports: unknown[];
  readonly tasks: Readonly<Record<string, { ready?: boolean; endpoints: unknown[] }>>;
}

const expected = readFixture('expected-endpoints.json') as Record<string, Record<string, ExpectedApp>>;
const oldDefinition = parseDefinition(readFixture('app-version-1.10.json'));
const files = Object.keys(expected).filter((file) => file.startsWith('apps-'));

describe.each(files)('%s', (file) => {
  const answer = readFixture(file) as { apps: unknown[] };
  const apps = new Map(answer.apps.map((app) => parseApp(app)).map(({ app }) => [app.id, app]));

  it('lists the apps of the worked answers', () => {
    expect([...apps.keys()].sort()).toEqual(Object.keys(expected[file] ?? {}).sort());
  });

  it.each(Object.entries(expected[file] ?? {}))('%s', (id, wanted) => {
    expect(describeApp(apps.get(id)!, wanted)).toEqual(wanted);
  });
});

function describeApp(app: App, wanted: ExpectedApp): unknown {
  return {
    mode: app.mode,
    ports: app.ports.map((port, index) => ({
      index,
      name: port.name ?? null,
      protocol: port.protocols.length === 2 ? 'udp,tcp' : port.protocols[0],
      containerPort: port.containerPort ?? null,
      servicePort: port.servicePort ?? null,
    })),
    tasks: Object.fromEntries(
      app.tasks.map((task) => {
        const fits = task.version === app.version || task.ports.length === hostPortCountOf(app);
        const definition = fits ? app : oldDefinition;
        const usable = routingOf(task.state) === 'in';
        return [
          task.id,
          {
            usable,
            health: app.healthChecks.length === 0 ? 'none' : task.verdict,
            endpoints: usable
              ? taskPortsOf(task, definition).map((port, index) => ({
                  index,
                  host: port.host ?? null,
                  container: port.container ?? null,
                  ...(definition.ports[index]?.ambiguousNetwork && { ambiguous: true }),
                }))
              : [],
            ...(wanted.tasks[task.id]?.ready !== undefined && { ready: isReady(task, app, false) }),
          },
        ];
      }),
    ),
  };
}

function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
}
