import { ConfigError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { marathon } from './index.ts';
import { optionsSchema } from './options.ts';

function issuesOf(options: unknown): string[] {
  try {
    marathon(options as never);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ path }) => path.join('.'));
    throw error;
  }
}

describe('options', () => {
  it('need nothing but a URL', () => {
    expect(optionsSchema.parse({ urls: ['https://leader.mesos/service/marathon'] })).toEqual({
      urls: ['https://leader.mesos/service/marathon'],
      address: 'auto',
      requestTimeoutMs: 30_000,
      stream: 'auto',
      streamIdleTimeoutMs: 30_000,
      coalesceMs: 100,
      resyncMs: 120_000,
      pollIntervalMs: 10_000,
    });
  });

  it.each([
    [{ urls: [] }, 'urls'],
    [{ urls: ['leader.mesos:8080'] }, 'urls.0'],
    [{ urls: ['ftp://leader.mesos'] }, 'urls.0'],
    [{ urls: ['http://leader.mesos?x=1'] }, 'urls.0'],
    [{ urls: ['http://m'], resyncMs: 0 }, 'resyncMs'],
    [{ urls: ['http://m'], resyncMs: 2 ** 31 }, 'resyncMs'],
    [{ urls: ['http://m'], auth: { basic: { username: 'a:b', password: '' } } }, 'auth.basic.username'],
    [{ urls: ['http://m'], auth: {} }, 'auth'],
    [{ urls: ['http://m'], auth: { token: 't', tokenFile: 'f' } }, 'auth.tokenFile'],
    [{ urls: ['http://m'], auth: { token: 'two words' } }, 'auth.token'],
    [{ urls: ['http://m'], auth: { basic: { username: 'a' } } }, 'auth.basic'],
    [
      { urls: ['http://m'], auth: { basic: { username: 'a', password: '', passwordFile: 'f' } } },
      'auth.basic.passwordFile',
    ],
    [{ urls: ['http://m'], auth: { serviceAccount: { uid: 'a' } } }, 'auth.serviceAccount'],
    [{ urls: ['http://m'], auth: { serviceAccount: { privateKeyFile: 'f' } } }, 'auth.serviceAccount.uid'],
    [{ urls: ['http://m'], auth: { serviceAccount: { uid: 'a', privateKey: 'x' } } }, 'auth.serviceAccount.privateKey'],
    [
      { urls: ['http://m'], auth: { serviceAccount: { secretFile: 'f', loginUrl: 'm/login' } } },
      'auth.serviceAccount.loginUrl',
    ],
    [{ urls: ['http://m'], tls: { ca: 'pem', caFile: 'ca.pem' } }, 'tls.ca'],
  ])('%j are refused at %s', (options, path) => {
    expect(issuesOf(options)).toEqual([path]);
  });

  it('have no unknown keys', () => {
    expect(issuesOf({ urls: ['http://m'], url: 'http://m' })).toHaveLength(1);
    expect(issuesOf({ urls: ['http://m'], tls: { cafile: 'x' } })).toEqual(['tls']);
  });

  it('do not show a password when they are refused', () => {
    expect(() => marathon({ urls: ['ftp://user:s3cret@m'] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
    );
  });
});
