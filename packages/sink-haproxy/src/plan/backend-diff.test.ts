import type { Service } from '@signalbox/core';
import { catalogOf } from '@signalbox/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { noInputs } from '../../test/support/inputs.ts';
import { mapNames } from '../desired/model.ts';
import { backendName } from '../desired/names.ts';
import type { Observed } from '../observed/model.ts';
import { haproxyOptions } from '../options.ts';
import { structureHash } from '../render/config.ts';
import { toSettings } from '../settings.ts';
import { createSinkState, type SinkState } from '../sink-state.ts';
import { placeDesired } from '../structure/placed-desired.ts';
import { describeStructure } from '../structure/structure-map.ts';
import { createRetirement } from './retirement.ts';
import { diffRuntime } from './runtime-diff.ts';

const settings = toSettings(
  haproxyOptions.parse({
    config: '/etc/haproxy/haproxy.cfg',
    listeners: [{ address: '127.0.0.1', port: 80, protocol: 'http' }],
  }),
);
const structureMap = '/etc/haproxy/signalbox/structure.map';
const second = backendName('/second');

let nowMs: number;
let state: SinkState;
beforeEach(() => {
  nowMs = 0;
  state = { ...createSinkState(settings), retirement: createRetirement(settings, () => nowMs) };
});

const app = (id: string, fields: Partial<Service> = {}): Service => ({
  id: `/${id}`,
  name: id,
  protocol: 'tcp',
  appProtocol: 'http',
  endpoints: [],
  labels: {},
  routes: [{ hostnames: [`${id}.test`] }],
  ...fields,
});

const desire = (...services: Service[]) =>
  createSinkState(settings).desiredState.update(catalogOf(services), noInputs).desired;

/** A process of 3.4 that was started for these services. Its file has no spares there. */
function observe(services: readonly Service[], fields: Partial<Observed> = {}): Observed {
  const desired = desire(...services);
  const hash = structureHash(desired, settings);
  return {
    mark: { pid: 1, description: hash, revision: '0' },
    readAtMs: 0,
    version: '3.4.7',
    backends: new Set(['s_none', ...desired.backends.keys()]),
    addsBackends: true,
    servers: new Map(),
    maps: new Map<Parameters<Observed['maps']['get']>[0], ReadonlyMap<string, string>>([
      ...mapNames.map((name) => [name, desired.maps[name]] as const),
      ['structure', describeStructure(desired, settings, hash)],
    ]),
    ...fields,
  };
}

function plan(services: readonly Service[], observed: Observed) {
  const placed = placeDesired(desire(...services), observed, { settings, refused: new Map() });
  const backends = new Set([...placed.desired.backends.keys(), ...observed.backends]);
  const changes = diffRuntime(state, placed, observed, { backends, maps: true });
  return {
    reasons: placed.reasons,
    commands: changes.flatMap(({ steps }) => steps.map(({ command }) => command)),
  };
}

describe('a process that can be told of backends', () => {
  it('gets the backend of a new service under its own name, entered first and published last', () => {
    const { reasons, commands } = plan([app('first'), app('second')], observe([app('first')]));
    expect(reasons).toEqual([]);
    expect(commands).toEqual([
      expect.stringMatching(new RegExp(`^add map ${structureMap} ${second} \\w{12}:\\w{12}$`)),
      `add backend ${second} from d_http mode http`,
      `publish backend ${second}`,
      expect.stringMatching(new RegExp(` second.test/ ${second}:\\d+$`)),
    ]);
  });

  it('is told of another name when somebody has that one, or the settings changed', () => {
    const taken = observe([app('first')]);
    const names = new Set([...taken.backends, second]);
    expect(plan([app('first'), app('second')], { ...taken, backends: names }).commands).toContain(
      'add backend s_http_1 from d_http mode http',
    );
    const both = [app('first'), app('second')];
    const limited = app('second', { traffic: { maxConnections: 5 } });
    expect(plan([app('first'), limited], observe(both)).commands).toContain(
      'add backend s_http_1 from d_http mode http',
    );
  });

  it('needs a reload for a profile that it does not know', () => {
    const slow = app('second', { traffic: { balance: 'leastconn' } });
    const { reasons, commands } = plan([app('first'), slow], observe([app('first')]));
    expect(reasons).toEqual([expect.stringMatching(/^the profile http-\w{8} of \S+ is new$/)]);
    expect(commands).toEqual([]);
  });

  it('is rid of a backend that nobody wants once its quarantine is over, and of none that is not ours', () => {
    const observed = observe([app('first'), app('second')]);
    const foreign = { ...observed, backends: new Set([...observed.backends, 'theirs']) };
    const emptied = {
      ...foreign,
      maps: new Map([...foreign.maps, ['route', desire(app('first')).maps.route] as const]),
    };
    expect(plan([app('first')], emptied).commands).toEqual([]);
    nowMs = 13_999;
    expect(plan([app('first')], emptied).commands).toEqual([]);
    nowMs = 14_000;
    expect(plan([app('first')], emptied).commands).toEqual([
      `unpublish backend ${second}`,
      `del backend ${second}`,
      `publish backend ${second}`,
      `del map ${structureMap} ${second}`,
    ]);
    // Unless it is wanted again.
    plan([app('first'), app('second')], observed);
    expect(state.retirement.waitMs).toBeUndefined();
  });
});

it('a process of before 3.4 is never told of a backend', () => {
  const observed = observe([app('first')], { version: '3.2.26', addsBackends: false });
  const { reasons, commands } = plan([app('first'), app('second')], observed);
  expect(commands.filter((command) => command.includes(' backend '))).toEqual([]);
  expect(reasons).toEqual([`no spare is left of profile http for ${second}`]);
});
