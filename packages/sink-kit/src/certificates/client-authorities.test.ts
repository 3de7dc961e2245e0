import { createAuthority } from '@signalbox/testkit/tls';
import { expect, it } from 'vitest';
import { parseClientAuthorities } from './client-authorities.ts';

const { certificate, revoke, issue } = await createAuthority();
const list = await revoke(['1234']);

it('writes certificates and lists anew, and nothing else of the files', async () => {
  const { key } = await issue(['a.test']);
  const found = parseClientAuthorities(`hello\n${certificate}\n${key}`, `hello\n${list}\n${key}`);
  expect(found).toEqual({ authorities: `${certificate.trim()}\n`, revocations: `${list.trim()}\n` });
});

it.each([
  ['', undefined, 'it has no certificate'],
  [list, undefined, 'it has no certificate'],
  [certificate.slice(0, -30), undefined, 'it is cut short'],
  [certificate.replace('MII', 'AAA'), undefined, 'a certificate in it cannot be read'],
  [certificate, '', 'there is no list of revoked certificates in its file'],
  [certificate, list.slice(0, -30), 'its list of revoked certificates is cut short'],
  [certificate, list.replace('MI', 'AA'), 'its list of revoked certificates cannot be read'],
])('says what is wrong (%#)', (authorities, revocations, problem) => {
  expect(parseClientAuthorities(authorities, revocations)).toEqual({ problem });
});
