import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MesosDnsSimulatorOptions } from '../options.ts';
import { createMesosDnsSimulator } from '../simulator.ts';
import type { MesosDnsSimulator } from '../simulator-interface.ts';
import { type Exchange, readExchanges, readState, sortDeeply } from '../testing/recordings.ts';

const variants: Readonly<Record<string, MesosDnsSimulatorOptions>> = {
  default: { state: readState() },
  'ipsources-host': { state: readState(), ipSources: ['host'] },
  'enumeration-off': { state: readState(), enumeration: 'off' },
  'empty-cluster': { state: { ...readState(), frameworks: [] } },
};

describe.each(Object.entries(variants))('HTTP, %s', (variant, options) => {
  let simulator: MesosDnsSimulator;
  beforeAll(async () => {
    simulator = await createMesosDnsSimulator(options);
  });
  afterAll(() => simulator.close());

  test.each(readExchanges(variant))('$name answers as recorded', async ({ name, request, response: recorded }) => {
    const { method, path, headers = {} } = request;
    const response = await fetch(`${simulator.url}${path}`, { method, headers });
    const body = await response.text();
    expect(response.status).toBe(recorded.status);
    expect(response.headers.get('content-type')).toBe(recorded.headers['content-type']);
    if (recorded.text !== undefined) return expect(body.slice(0, 70)).toBe(recorded.text.slice(0, 70));
    const length = recorded.headers['content-length'];
    if (length !== undefined && isOfFixedLength(name)) expect(response.headers.get('content-length')).toBe(length);
    const wanted = recorded.json;
    if (name === 'config') return expect(wanted).toMatchObject(pick(JSON.parse(body), wanted));
    expect(normalize(name, JSON.parse(body))).toEqual(normalize(name, wanted));
  });
});

/** The addresses of these are drawn by lot, and times of recording differ from now. */
function isOfFixedLength(name: Exchange['name']): boolean {
  return !['services-slave', 'services-dual', 'axfr', 'config'].includes(name);
}

function normalize(name: string, value: unknown): unknown {
  const text = JSON.stringify(value).replace(/"Serial":\d+/, '"Serial":0');
  const drawn = name === 'services-slave' ? /10\.0\.1\.\d+/g : name === 'services-dual' ? /9\.0\.2\.[56]/g : undefined;
  return sortDeeply(JSON.parse(drawn === undefined ? text : text.replace(drawn, 'one of them')));
}

/** The settings that the simulator has, with the recorded value of those that tell a time. */
function pick(value: Record<string, unknown>, wanted: unknown): Record<string, unknown> {
  const recorded = wanted as Record<string, unknown>;
  return { ...value, SOASerial: recorded.SOASerial, SOAMname: recorded.SOAMname, SOARname: recorded.SOARname };
}

test('no two answers are in the same order', async () => {
  await using simulator = await createMesosDnsSimulator({ state: readState() });
  const texts = new Set<string>();
  for (let count = 0; count < 5; count += 1) texts.add(await (await fetch(`${simulator.url}/v1/axfr`)).text());
  expect(texts.size).toBe(5);
});

test('of several addresses of a target any one is given', async () => {
  await using simulator = await createMesosDnsSimulator({ state: readState() });
  const seen = new Set<string>();
  for (let count = 0; count < 50; count += 1) {
    const answer = (await (await fetch(`${simulator.url}/v1/services/_dual._tcp.marathon.mesos`)).json()) as {
      ip: string;
    }[];
    for (const { ip } of answer) seen.add(ip);
  }
  expect([...seen].sort()).toEqual(['9.0.2.5', '9.0.2.6', 'fd01:b::2:8000:5']);
});
