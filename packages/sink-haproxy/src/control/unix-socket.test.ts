import { expect, test } from 'vitest';
import { systemCodeOf, toSocketError } from './unix-socket.ts';

test.each([
  ['EACCES', 'SINK_REFUSED', false, 'access'],
  ['EPERM', 'SINK_REFUSED', false, 'access'],
  ['ENOENT', 'SINK_UNREACHABLE', true, 'names this socket'],
  ['ECONNREFUSED', 'SINK_UNREACHABLE', true, 'dead process'],
  ['EAGAIN', 'SINK_UNREACHABLE', true, 'HAProxy runs'],
])('%s becomes %s', (systemCode, code, retryable, hint) => {
  const cause = Object.assign(new Error(`connect ${systemCode}`), { code: systemCode });
  const error = toSocketError(cause, 'connecting to', '/run/haproxy.sock');
  expect(error).toMatchObject({ code, retryable, cause, hint: expect.stringContaining(hint) });
  expect(error.message).toBe('connecting to HAProxy\'s socket "/run/haproxy.sock"');
  expect(systemCodeOf(error)).toBe(systemCode);
});
