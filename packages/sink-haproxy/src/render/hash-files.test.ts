import { hashTexts } from '@signalbox/sink-kit';
import { catalogOf } from '@signalbox/testkit';
import { expect, it } from 'vitest';
import { noInputs } from '../../test/support/inputs.ts';
import { makeEndpoint, makeService } from '../../test/support/services.ts';
import { createDesiredState } from '../desired/desired-state.ts';
import { haproxyOptions } from '../options.ts';
import { toSettings } from '../settings.ts';
import { hashFiles, renderFiles } from './config.ts';

const listeners = [{ address: '127.0.0.1', port: 80, protocol: 'http' as const }];
const settings = toSettings(haproxyOptions.parse({ config: '/x/haproxy.cfg', listeners }));

it('the hashes are those of the files, whatever changed since the last time', () => {
  const state = createDesiredState(settings);
  const one = makeService('mesos:/one#0', { endpoints: [makeEndpoint(1)], routes: [{ hostnames: ['one.test'] }] });
  const two = makeService('mesos:/two#0', { port: 8_000, endpoints: [makeEndpoint(2)] });
  const seen = new Set<string>();
  for (const services of [
    [one, two],
    [one, two],
    [{ ...one, endpoints: [makeEndpoint(3)] }, two],
    [one, two],
    [one, { ...two, port: 8_001 }],
    [one],
    [{ ...one, routes: [{ hostnames: ['other.test'] }] }],
    [],
  ]) {
    const { desired } = state.update(catalogOf(services), noInputs);
    const hashes = hashFiles(desired, settings);
    expect(hashes).toEqual(hashTexts(renderFiles(desired, settings)));
    expect([...hashes.keys()].at(-1)).toBe('/x/haproxy.cfg');
    seen.add([...hashes.values()].join());
  }
  expect(seen.size).toBe(6);
});
