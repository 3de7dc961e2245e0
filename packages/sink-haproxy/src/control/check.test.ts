import { expect, test } from 'vitest';
import { findMessageOwners, parseConfigMessages } from './check.ts';

/** Of HAProxy 2.6.12. */
const output = `[NOTICE]   (6518) : haproxy version is 2.6.12-1+deb12u4
[NOTICE]   (6518) : path to executable is /usr/sbin/haproxy
[WARNING]  (6518) : config : config: Can't get version of the global server state file '/tmp/state'.
[ALERT]    (6518) : config : parsing [/etc/haproxy/a.cfg:14] : 'bind' : invalid port '0'
[ALERT]    (6518) : Binding [a.cfg:14] for frontend f: cannot bind socket (Address already in use) for [127.0.0.1:23988]
[ALERT]    (6518) : config : parsing [/etc/haproxy/a.cfg:21] : unknown keyword 'bogus' in 'backend' section
[ALERT]    (6518) : config : Fatal errors found in configuration.`;

test('messages have severity, file, line and text', () => {
  expect(parseConfigMessages(output)).toEqual([
    {
      severity: 'warning',
      file: undefined,
      line: undefined,
      text: "config: Can't get version of the global server state file '/tmp/state'.",
    },
    { severity: 'alert', file: '/etc/haproxy/a.cfg', line: 14, text: "'bind' : invalid port '0'" },
    {
      severity: 'alert',
      file: 'a.cfg',
      line: 14,
      text: 'Binding [a.cfg:14] for frontend f: cannot bind socket (Address already in use) for [127.0.0.1:23988]',
    },
    { severity: 'alert', file: '/etc/haproxy/a.cfg', line: 21, text: "unknown keyword 'bogus' in 'backend' section" },
    { severity: 'alert', file: undefined, line: undefined, text: 'Fatal errors found in configuration.' },
  ]);
});

test('messages belong to the owner of their line', () => {
  const ranges = [
    { firstLine: 10, lastLine: 14, owner: 'first' },
    { firstLine: 15, lastLine: 15, owner: 'second' },
    { firstLine: 20, lastLine: 30, owner: 'third' },
  ];
  const alerts = parseConfigMessages(output).filter(({ severity }) => severity === 'alert');
  const { byOwner, others } = findMessageOwners(alerts, ranges);
  expect([...byOwner].map(([owner, messages]) => [owner, messages.length])).toEqual([
    ['first', 2],
    ['third', 1],
  ]);
  expect(others).toHaveLength(1);
  for (const [line, owner] of [
    [9, undefined],
    [10, 'first'],
    [15, 'second'],
    [16, undefined],
    [31, undefined],
  ] as const) {
    const message = { severity: 'alert', file: undefined, line, text: '' } as const;
    expect([...findMessageOwners([message], ranges).byOwner.keys()]).toEqual(owner === undefined ? [] : [owner]);
  }
});
