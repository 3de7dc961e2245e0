import { endpoint, service } from '@signalbox/testkit';
import { expect, test } from 'vitest';
import { diffService, withoutSecrets } from './diff-service.ts';

const route = (hostname: string) => ({ hostnames: [hostname] });
const web = service('/web', { labels: { team: 'red', constructor: 'x' }, routes: [route('a.example')] });

test('a service that was left alone, or copied, has no changes', () => {
  expect(diffService(web, web)).toEqual([]);
  expect(diffService(web, structuredClone(web))).toEqual([]);
});

test('maps are compared key by key, endpoints by id, other lists item by item', () => {
  const after = {
    ...web,
    labels: { team: 'blue' },
    routes: [route('b.example'), route('a.example')],
    endpoints: [endpoint({ port: 8001, weight: 3 }), endpoint({ port: 9000 })],
  };
  expect(diffService(web, after)).toEqual([
    { part: 'labels.team', before: 'red', after: 'blue' },
    { part: 'labels.constructor', before: 'x' },
    { part: 'routes[0]', after: route('b.example') },
    { part: 'endpoints.127.0.0.1:8001.weight', after: 3 },
    { part: 'endpoints.127.0.0.1:9000', after: endpoint({ port: 9000 }) },
  ]);
  const list = [route('a.example'), route('b.example')];
  expect(diffService({ ...web, routes: list }, { ...web, routes: list.toReversed() })).toEqual([
    { part: 'routes', before: list, after: list.toReversed() },
  ]);
});

test('hashes of passwords are shown nowhere', () => {
  const secret = { ...web, routes: [{ auth: { users: ['ann:$6$salt$hash'] } }] };
  expect(JSON.stringify(diffService(web, secret))).toContain('ann:***');
  expect(JSON.stringify([diffService(web, secret), diffService(secret, web), withoutSecrets(secret)])).not.toMatch(
    /hash/,
  );
});
