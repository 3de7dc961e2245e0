import { catalogOf } from '@signalbox/testkit';
import { expect, it } from 'vitest';
import { noInputs } from '../../test/support/inputs.ts';
import { makeEndpoint, makeService } from '../../test/support/services.ts';
import { backendName } from '../desired/names.ts';
import type { Observed } from '../observed/model.ts';
import { type ObservedMap, toMap, updateMap } from '../observed/observed-map.ts';
import { haproxyOptions } from '../options.ts';
import { structureHash } from '../render/config.ts';
import { mapPaths } from '../render/files.ts';
import { toSettings } from '../settings.ts';
import { createSinkState } from '../sink-state.ts';
import { placeDesired } from '../structure/placed-desired.ts';
import { describeStructure } from '../structure/structure-map.ts';
import { diffMaps } from './map-diff.ts';

const listeners = [{ address: '127.0.0.1', port: 80, protocol: 'http' as const }];
const settings = toSettings(haproxyOptions.parse({ config: '/x/haproxy.cfg', listeners }));

function desire(...hostnames: readonly string[]) {
  const routes = hostnames.map((hostname) => ({ hostnames: [hostname] }));
  const service = makeService('mesos:/shop#0', { appProtocol: 'http', endpoints: [makeEndpoint(1)], routes });
  return createSinkState(settings).desiredState.update(catalogOf([service]), noInputs).desired;
}

function answer(entries: ObservedMap): string {
  return [...entries].map(([key, value]) => `0x1 ${key} ${value}\n`).join('');
}

it('entries that were found equal are compared again once either side changed', () => {
  const desired = desire('one.test', 'two.test');
  const hash = structureHash(desired, settings);
  const observed: Observed = {
    mark: { pid: 1, description: hash, revision: '0' },
    readAtMs: 0,
    version: '2.6.12',
    backends: new Set(desired.backends.keys()),
    addsBackends: false,
    servers: new Map(),
    maps: new Map([
      ['structure', describeStructure(desired, settings, hash)],
      ['route', toMap(answer(desired.maps.route)) ?? new Map()],
    ]),
  };
  const paths = mapPaths('/x/signalbox');
  const diff = (wanted = desired): readonly string[] => {
    const placed = placeDesired(wanted, observed, { settings, refused: new Map() });
    return diffMaps(observed, { paths, placed, answers: () => 'now' }).map(({ change }) => change.target);
  };
  const routes = observed.maps.get('route') ?? new Map();
  expect(routes.size).toBe(2);
  expect([diff(), diff()]).toEqual([[], []]);
  const [[key = '', value = ''] = []] = routes;
  updateMap(routes, key, 'somewhere');
  expect(diff()).toEqual([`route.map ${key}`]);
  updateMap(routes, key, undefined);
  expect(diff()).toEqual([`route.map ${key}`]);
  updateMap(routes, key, value);
  expect(diff()).toEqual([]);
  updateMap(routes, 'stranger.test/', `${backendName('mesos:/shop#0')}:1`);
  expect(diff()).toEqual(['route.map stranger.test/']);
  updateMap(routes, 'stranger.test/', undefined);
  expect(diff(desire('one.test'))).toEqual(['route.map two.test/']);
});
