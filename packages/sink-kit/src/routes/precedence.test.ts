import { matchRoutes, type Route, type RouteRequest, type Service } from '@signalbox/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkConditions, type RouteCondition } from './check-conditions.ts';
import { findSpots, type Spot } from './find-spots.ts';
import { type Candidate, type SpotClaim, settleClaims } from './settle-claims.ts';

/** Few values, so that routes compete. */
const hostname = fc.constantFrom(
  '*',
  '*.example.com',
  '*.shop.example.com',
  'shop.example.com',
  'www.shop.example.com',
);
const path = fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab');
const yesOrNo = fc.constantFrom('yes', 'no');
const condition = fc.record({ name: fc.constantFrom('x-one', 'x-two'), value: yesOrNo });

const route = fc.record(
  {
    hostnames: fc.array(hostname, { maxLength: 2 }),
    path: fc.oneof(
      fc.record({ type: fc.constantFrom('exact' as const, 'prefix' as const), value: path }),
      fc.record({ type: fc.constant('regex' as const), value: fc.constantFrom('^/a', 'b$') }),
    ),
    methods: fc.array(fc.constantFrom('GET', 'POST'), { maxLength: 2 }),
    headers: fc.array(condition, { maxLength: 2 }),
    queryParams: fc.array(condition, { maxLength: 2 }),
    priority: fc.integer({ min: -1, max: 1 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Route>;

const services = fc.array(fc.array(route, { maxLength: 3 }), { minLength: 1, maxLength: 3 }).map((lists) =>
  lists.map((routes, index): Service => {
    return { id: `test:/${index}#0`, name: `${index}`, protocol: 'tcp', endpoints: [], labels: {}, routes };
  }),
);

const values = fc.dictionary(fc.constantFrom('x-one', 'x-two'), yesOrNo);
const request: fc.Arbitrary<RouteRequest> = fc.record({
  hostname: fc.constantFrom('shop.example.com', 'www.shop.example.com', 'a.example.com', 'other.net'),
  path: fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab', '/c'),
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  headers: values,
  queryParams: values.map((found) => Object.fromEntries(Object.entries(found).map(([key, value]) => [key, [value]]))),
});

it('what explains where a request goes and what leads it there agree on every route', () => {
  fc.assert(
    fc.property(services, request, (all, asked) => {
      const [explained] = matchRoutes(all, asked).filter(({ unmet }) => unmet.length === 0);
      const taken = settleClaims(all.flatMap(claimsOf)).winners.find(({ claim }) => fits(claim, asked));
      expect(taken && [taken.serviceId, taken.claim.index]).toEqual(
        explained && [explained.service.id, explained.index],
      );
    }),
    { numRuns: 2_000 },
  );
});

interface Claim extends SpotClaim {
  readonly spot: Spot;
  readonly conditions: readonly RouteCondition[];
}

/** As a sink does it. */
function claimsOf({ id, routes = [] }: Service): readonly Candidate<Claim>[] {
  return routes.flatMap((each, index) => {
    const found = findSpots(each);
    const checked = checkConditions(each);
    if ('problem' in found || 'problem' in checked) return [];
    const { conditions, weights } = checked;
    return found.spots.map((spot) => ({
      serviceId: id,
      claim: {
        spot,
        conditions,
        weights,
        rank: spot.rank,
        priority: each.priority ?? 0,
        index,
        slot: JSON.stringify([spot.host, spot.type, spot.path, conditions]),
      },
    }));
  });
}

function fits({ spot, conditions }: Claim, { hostname: host, path: asked, ...rest }: RouteRequest): boolean {
  const isHost =
    spot.host === '*' || spot.host === host || (spot.host.startsWith('*.') && host.endsWith(spot.host.slice(1)));
  const isPath = spot.type === 'exact' ? asked === spot.path : `${asked}/`.startsWith(spot.path);
  return isHost && isPath && conditions.every((each) => holds(each, { ...rest, path: asked }));
}

function holds(
  each: RouteCondition,
  { path: asked, method, headers, queryParams }: Omit<RouteRequest, 'hostname'>,
): boolean {
  if (each.on === 'method') return each.methods.includes(method);
  if (each.on === 'path') return new RegExp(each.value).test(asked);
  if (each.on === 'header') return headers[each.name] === each.value;
  return queryParams[each.name]?.includes(each.value) === true;
}
