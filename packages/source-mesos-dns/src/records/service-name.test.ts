import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseServiceName } from './service-name.ts';

test.each([
  ['_web._tcp.marathon.mesos.', 'task', undefined, 'web', 'tcp', 'marathon'],
  ['_http._api-prod._tcp.marathon.mesos', 'task', 'http', 'api-prod', 'tcp', 'marathon'],
  ['_web._udp.marathon.slave.mesos.', 'agent', undefined, 'web', 'udp', 'marathon'],
  ['_redis._tcp.chronos.prod.slave.mesos.', 'agent', undefined, 'redis', 'tcp', 'chronos.prod'],
  ['_both._noproto._udptcp.marathon.mesos.', 'task', 'both', 'noproto', 'udptcp', 'marathon'],
  ['_web._tcp.slave.mesos.', 'task', undefined, 'web', 'tcp', 'slave'],
])('%s', (name, view, portName, task, protocol, framework) => {
  expect(parseServiceName(name, 'mesos')).toEqual({ view, portName, task, protocol, framework });
});

test.each([
  ['a raw name with a dot', '_api.prod._tcp.marathon.mesos.'],
  ['a named port of such', '_http._api.prod._tcp.marathon.mesos.'],
  ['a raw name with capitals', '_Web._tcp.marathon.mesos.'],
  ['a raw name with an underscore', '_my_app._tcp.marathon.mesos.'],
  ['a raw name that is too long', `_${'x'.repeat(64)}._tcp.marathon.mesos.`],
  ['the leader', '_leader._tcp.mesos.'],
  ['no SRV name', 'web.marathon.mesos.'],
  ['another domain', '_web._tcp.marathon.example.'],
  ['four underscores', '_a._b._c._tcp.marathon.mesos.'],
  ['nothing', ''],
])('no service: %s', (_, name) => {
  expect(parseServiceName(name, 'mesos')).toBeUndefined();
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, domain) => {
      parseServiceName(name, domain);
      parseServiceName(`_${name}._tcp.${domain}`, domain);
    }),
  );
});
