import { describe, expect, it } from 'vitest';
import type { Backend, Server } from '../desired/model.ts';
import type { ObservedServer } from '../observed/model.ts';
import { haproxyOptions } from '../options.ts';
import { toSettings } from '../settings.ts';
import { createRetirement } from './retirement.ts';
import { diffServers } from './server-diff.ts';

const settings = toSettings(haproxyOptions.parse({ config: '/x/haproxy.cfg', drainTimeoutMs: 1_000 }));
let nowMs = 0;
const retirement = createRetirement(settings, () => nowMs);

describe('a new server', () => {
  it('starts down when it is checked, nobody vouches for it and others can answer', () => {
    expect(commands(backend({ servers: [server('e_a'), server('e_b')] }), { e_a: ready })).toEqual([
      'add server a_x/e_b 127.0.0.1:80 weight 1 check',
      'enable health a_x/e_b',
      'set server a_x/e_b state ready',
      'set server a_x/e_b health down',
    ]);
  });

  it('starts up when the source vouches for it', () => {
    const vouched = backend({ servers: [server('e_a'), { ...server('e_b'), vouched: true }] });
    expect(commands(vouched, { e_a: ready })).not.toContain('set server a_x/e_b health down');
  });

  it('starts up when nobody else could answer', () => {
    expect(commands(backend({ servers: [server('e_b')] }), {})).not.toContain('set server a_x/e_b health down');
  });

  it('without checks is only made ready', () => {
    expect(commands(backend({ servers: [server('e_b')], checked: false, serverSettings: '' }), {})).toEqual([
      'add server a_x/e_b 127.0.0.1:80 weight 1 ',
      'set server a_x/e_b state ready',
    ]);
  });
});

describe('a server that went', () => {
  it('drains, is put into maintenance after the drain time, and stays there before 3.0', () => {
    nowMs = 0;
    retirement.clear();
    const empty = backend({ servers: [] });
    expect(commands(empty, { e_a: ready })).toEqual(['set server a_x/e_a state drain']);
    expect(commands(empty, { e_a: { ...ready, state: 'drain' } })).toEqual([]);
    nowMs = 999;
    expect(commands(empty, { e_a: { ...ready, state: 'drain' } })).toEqual([]);
    nowMs = 1_000;
    expect(retirement.dueBackends()).toEqual(new Set(['a_x']));
    expect(commands(empty, { e_a: { ...ready, state: 'drain' } })).toEqual(['set server a_x/e_a state maint']);
    expect(commands(empty, { e_a: { ...ready, state: 'maintenance' } })).toEqual([]);
    nowMs = 1e9;
    expect(commands(empty, { e_a: { ...ready, state: 'maintenance' } })).toEqual([]);
    expect(retirement.waitMs).toBeUndefined();
  });

  it('is deleted after a quarantine from 3.0 on', () => {
    nowMs = 0;
    retirement.clear();
    const empty = backend({ servers: [] });
    const retired = { e_a: { ...ready, state: 'maintenance' as const } };
    expect(commands(empty, retired, true)).toEqual([]);
    nowMs = 13_999;
    expect(commands(empty, retired, true)).toEqual([]);
    nowMs = 14_000;
    expect(commands(empty, retired, true)).toEqual(['del server a_x/e_a']);
    retirement.postpone('a_x', 'e_a');
    expect(commands(empty, retired, true)).toEqual([]);
  });

  it('comes back ready, with its weight', () => {
    expect(commands(backend({ servers: [server('e_a')] }), { e_a: { ...ready, state: 'drain', weight: 5 } })).toEqual([
      'set server a_x/e_a state ready',
      'set server a_x/e_a weight 1',
    ]);
  });
});

it('a server that is as it should be needs nothing', () => {
  expect(commands(backend({ servers: [server('e_a')] }), { e_a: ready })).toEqual([]);
});

const ready: ObservedServer = { address: '127.0.0.1', port: 80, weight: 1, state: 'ready', checking: true };

function server(name: string): Server {
  return { name, address: '127.0.0.1', port: 80, weight: 1, backup: false, vouched: false };
}

function backend({ servers, ...fields }: Partial<Omit<Backend, 'servers'>> & { servers: readonly Server[] }): Backend {
  return {
    name: 'a_x',
    serviceId: 'x',
    mode: 'http',
    lines: [],
    serverSettings: 'check',
    checked: true,
    checkRequest: undefined,
    draining: new Set(),
    servers: new Map(servers.map((each) => [each.name, each])),
    ...fields,
  };
}

function commands(wanted: Backend, observed: Record<string, ObservedServer>, deletes = false): readonly string[] {
  const changes = diffServers(wanted, new Map(Object.entries(observed)), { retirement, deletes });
  return changes.flatMap(({ steps }) => steps.map(({ command }) => command));
}
