import { expect, test } from 'vitest';
import { checkConditions } from './check-conditions.ts';

test('methods stand once each, in upper case and in order', () => {
  expect(checkConditions({ methods: ['post', 'GET', 'POST', 'get'] })).toMatchObject({
    conditions: [{ on: 'method', methods: ['GET', 'POST'] }],
  });
});

test('a condition that is written twice is one', () => {
  const header = { name: 'X-Env', value: 'prod' };
  expect(checkConditions({ headers: [header, { ...header, name: 'x-env' }] })).toMatchObject({
    conditions: [{ on: 'header', name: 'x-env', value: 'prod' }],
  });
});

test.each([
  [{ methods: ['GET POST'] }, 'a method has only letters'],
  [{ headers: [{ name: 'x y', value: 'a' }] }, 'the name of a header is unusable'],
  [{ headers: [{ name: 'x', value: 'a\nb' }] }, 'has characters other than printable ASCII'],
  [{ path: { type: 'regex', value: '(' } }, 'is no regular expression'],
] as const)('%j is refused', (route, problem) => {
  expect(checkConditions(route)).toMatchObject({ problem: expect.stringContaining(problem) });
});
