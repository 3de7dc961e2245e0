import type { Route, Service } from '@signalbox/core';
import { expect, it } from 'vitest';
import { claimPassthrough } from './claim-passthrough.ts';
import { settlePassthrough } from './settle-passthrough.ts';

const tls = { mode: 'passthrough' } as const;
const service = (...routes: Route[]): Service => ({
  id: 'a',
  name: 'a',
  protocol: 'tcp',
  endpoints: [],
  labels: {},
  routes,
});

it('claims host names in their normal form, and any host without one', () => {
  const named = service({ hostnames: ['B.test', '*.a.test', 'b.test'], tls }, { hostnames: ['ends.test'] });
  expect(claimPassthrough(named, { hasTls: true })).toEqual({ hostnames: ['*.a.test', 'b.test'], problems: [] });
  expect(claimPassthrough(service({ tls }), { hasTls: true }).hostnames).toEqual(['*']);
});

it('says what it cannot have', () => {
  const problemsOf = (route: Route, traffic?: Service['traffic']): readonly string[] =>
    claimPassthrough({ ...service(route), ...(traffic && { traffic }) }, { hasTls: true, mostWildcardLabels: 2 })
      .problems;
  expect(problemsOf({ methods: ['GET'], tls })[0]).toContain('shows a host name and nothing else');
  expect(problemsOf({ tls }, { endpointTls: { verify: false } })[0]).toContain('would be wrapped once more');
  expect(problemsOf({ hostnames: ['*.a.b.c'], tls })[0]).toContain('at most 2 labels');
  expect(problemsOf({ hostnames: ['a"b;c'], tls })).toHaveLength(1);
  expect(claimPassthrough(service({ tls }), { hasTls: false }).problems[0]).toContain('no listener with `tls`');
});

it('gives each name to the first, and names what ends here beside a wildcard', () => {
  const claimant = (serviceId: string, passthrough: string[], ended: string[] = []) => ({
    serviceId,
    passthrough,
    endedHosts: () => ended,
  });
  const [one, two, three] = [
    claimant('one', ['*.a.test'], ['redirect.a.test']),
    claimant('two', ['*.a.test', 'x.test']),
    claimant('three', [], ['own.a.test', 'x.test']),
  ];
  const { holders, warnings } = settlePassthrough([one, two, three]);
  expect([...holders].map(([name, holder]) => [name, holder?.serviceId])).toEqual([
    ['*.a.test', 'one'],
    ['own.a.test', undefined],
    ['x.test', 'two'],
  ]);
  expect(warnings).toEqual([{ message: 'TLS for *.a.test is not passed through: "one" has it', service: 'two' }]);
  expect(settlePassthrough([claimant('two', ['x.test']), three]).holders.size).toBe(1);
});
