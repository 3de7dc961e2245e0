import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError, type SourceError, silentLogger } from '@signalbox/core';
import { freePort } from '@signalbox/testkit';
import { createMesosDnsSimulator } from '@signalbox/testkit/mesos-dns';
import { describe, expect, test } from 'vitest';
import { type MesosDnsOptions, mesosDns } from '../src/index.ts';

async function probe(options: MesosDnsOptions): Promise<SourceError | undefined> {
  const source = mesosDns({ requestTimeoutMs: 2_000, ...options });
  const context = { id: 'mesos', signal: new AbortController().signal, logger: silentLogger };
  return await source.probe?.(context).then(
    () => undefined,
    (error: SourceError) => error,
  );
}

describe('probe', () => {
  test('succeeds when one of several answers', async () => {
    await using simulator = await createMesosDnsSimulator();
    expect(await probe({ urls: [`http://127.0.0.1:${await freePort()}`, simulator.url] })).toBeUndefined();
    expect(await probe({ servers: [simulator.dnsServer], names: ['_web._tcp.marathon.mesos'] })).toBeUndefined();
  });

  test('nothing listens: names the port of the HTTP API', async () => {
    const error = await probe({ urls: [`http://127.0.0.1:${await freePort()}`] });
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', hint: expect.stringContaining('8123') });
    expect(error?.message).toContain('ECONNREFUSED');
  });

  test('the port of DNS instead of that of HTTP', async () => {
    await using simulator = await createMesosDnsSimulator();
    const error = await probe({ urls: [`http://${simulator.dnsServer}`], requestTimeoutMs: 300 });
    expect(['SOURCE_UNREACHABLE', 'SOURCE_TIMEOUT']).toContain(error?.code);
  });

  test('something else answers', async () => {
    const server = createServer((_request, response) => void response.end('{"status":"up"}')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const error = await probe({ urls: [url] });
      expect(error).toMatchObject({
        code: 'SOURCE_NOT_FOUND',
        message: expect.stringContaining('not that of a Mesos-DNS'),
      });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  test('a host that does not exist is named', async () => {
    const error = await probe({ urls: ['http://no-such-host.invalid:8123'] });
    expect(error?.code).toBe('SOURCE_UNREACHABLE');
    expect(error?.message).toMatch(/no-such-host\.invalid.*(ENOTFOUND|EAI_AGAIN)/);
  });

  test('enumeration is off and no names are given', async () => {
    await using simulator = await createMesosDnsSimulator({ enumeration: 'off' });
    const error = await probe({ urls: [simulator.url] });
    expect(error).toMatchObject({ code: 'SOURCE_NOT_FOUND', hint: expect.stringContaining('EnumerationOn') });
  });

  test('another domain than configured, by DNS', async () => {
    await using simulator = await createMesosDnsSimulator({ domain: 'example' });
    const error = await probe({ servers: [simulator.dnsServer], names: ['_web._tcp.marathon.mesos'] });
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', message: expect.stringContaining('SERVFAIL') });
  });
});

describe('options', () => {
  const issuesOf = (options: object): string[] => {
    try {
      mesosDns(options as MesosDnsOptions);
    } catch (error) {
      return (error as ConfigError).issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    }
    return [];
  };

  test.each([
    [{}, ': use exactly one of "urls", "servers"'],
    [
      { urls: ['http://a'], servers: ['b'], names: ['_x._tcp.y.mesos'] },
      'servers: use exactly one of "urls", "servers"',
    ],
    [{ servers: ['10.0.0.2'] }, 'names: needed with "servers": by DNS nothing can be listed'],
    [{ servers: ['http://x'], names: ['_x._tcp.y.mesos'] }, 'servers.0: expected a host, or host:port'],
    [{ urls: ['mesos:8123'] }, 'urls.0: expected an http:// or https:// URL without query and fragment'],
    [{ urls: ['http://a'], names: ['web.marathon.mesos'] }, /^names\.0: expected an SRV name such as _web/],
    [{ urls: ['http://a'], names: ['_web._tcp.marathon.slave.mesos'] }, /^names\.0/],
    [{ urls: ['http://a'], auth: { basic: { username: 'u' } } }, /^auth\.basic/],
  ])('%j', (options, wanted) => {
    expect(issuesOf(options)).toEqual([typeof wanted === 'string' ? wanted : expect.stringMatching(wanted)]);
  });

  test('an error of options is a ConfigError', () => expect(() => mesosDns({})).toThrow(ConfigError));
});
