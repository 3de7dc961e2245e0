import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTls, requestTls, shakeHands } from '../tls/client.ts';
import type { ProxyBench, ProxyStage } from './stage.ts';
import { sync } from './sync.ts';
import { createTlsBench, type TlsParts } from './tls-bench.ts';

const tls = { mode: 'passthrough' } as const;

/** What leaves its place in the syntax of some proxy. */
const hostileNames = ['a"b', 'x;}', '~.*', '$host', 'a b', '*.*', 'a\nb', '.x', '*'.repeat(300), '\\'];
/** Good host names that are words of nginx's `map` itself. */
const wordNames = ['default', 'hostnames', 'include', 'volatile'];

/** Registers vitest tests: TLS that goes to the application as it is, by the name in its handshake. */
export function describePassthrough(name: string, stage: ProxyStage): void {
  describe(`${name}: TLS that is passed through`, () => {
    let bench: ProxyBench & TlsParts;
    beforeEach(async () => {
      bench = await createTlsBench((shared) => stage.start(shared));
      await bench.certify('ends.test', ['ends.test', '*.mixed.test']);
    });
    afterEach(() => bench.close());

    const nameAt = async (servername: string): Promise<string> =>
      (await shakeHands(bench.tlsPort, { servername })).commonName;

    it('goes by exact and wildcard names, beside hosts whose TLS ends here', async () => {
      const sink = bench.createSink();
      const ends = await bench.serve('ends', { hostnames: ['ends.test', 'own.mixed.test'] });
      const passed = [
        await bench.serveTls('exact', { hostnames: ['exact.test'], tls }),
        await bench.serveTls('wild', { hostnames: ['*.mixed.test'], tls }),
        await bench.serveTls('deep', { hostnames: ['*.deep.mixed.test'], tls }),
      ];
      // The listener changes hands in the running process, and back.
      await sync(sink, bench.catalog(ends), bench);
      expect(await bench.readConfig()).not.toContain(stage.passthroughWords);
      const catalog = bench.catalog(ends, ...passed);
      expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
      expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
      expect(await bench.readConfig()).toContain(stage.passthroughWords);
      const seen: Record<string, string> = {};
      for (const name of ['exact.test', 'EXACT.test', 'a.mixed.test', 'a.b.mixed.test', 'a.deep.mixed.test'])
        seen[name] = await nameAt(name);
      expect(seen).toEqual({
        'exact.test': 'exact',
        'EXACT.test': 'exact',
        'a.mixed.test': 'wild',
        'a.b.mixed.test': 'wild',
        'a.deep.mixed.test': 'deep',
      });
      for (const host of ['ends.test', 'own.mixed.test']) {
        const answer = await requestTls(bench.tlsPort, { host, ca: bench.authority.certificate });
        expect(answer.body, host).toBe('ends');
        const { headers } = JSON.parse(String(answer.headers['x-seen']));
        expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' });
      }
      expect(await nameAt('unknown.test')).toBe('ends.test');
      expect((await shakeHands(bench.tlsPort)).commonName).toBe('ends.test');
      // Over a connection for another name.
      const misdirected = await requestTls(bench.tlsPort, { host: 'exact.test', servername: 'ends.test' });
      expect(misdirected.status).toBe(421);

      await sync(sink, bench.catalog(ends), bench);
      expect(await bench.readConfig()).not.toContain(stage.passthroughWords);
      expect(await nameAt('exact.test')).toBe('ends.test');
    });

    it('waits for a hello in pieces, and closes on what is none', async () => {
      const slow = await bench.serveTls('slow', { hostnames: ['slow.test'], tls });
      await sync(bench.createSink(), bench.catalog(slow), bench);
      const socket = connect(bench.tlsPort, '127.0.0.1');
      const secure = await openTls(0, { socket: inPieces(socket), servername: 'slow.test' });
      expect(secure.getPeerCertificate().subject.CN).toBe('slow');
      socket.destroy();
      expect(await countAnswer(bench.tlsPort, 'GET / HTTP/1.1\r\nHost: slow.test\r\n\r\n')).toBe(0);
    });

    it('may have a redirect of plain requests beside it, and both outlive the process', async () => {
      const sink = bench.createSink();
      const hostnames = ['pass.test'];
      const pass = await bench.serveTls('pass', { hostnames, tls }, { hostnames, redirect: { scheme: 'https' } });
      expect((await sync(sink, bench.catalog(pass), bench)).warnings).toEqual([]);
      await sink[Symbol.asyncDispose]?.();
      for (const begin of [async () => {}, () => bench.restart()]) {
        await begin();
        expect(await nameAt('pass.test')).toBe('pass');
        expect((await bench.request({ host: 'pass.test' })).headers.location).toBe('https://pass.test/');
      }
    });

    it('knows names alone: a route that wants more is left out, one with users closed', async () => {
      const users = [`ann:$6$${'s'.repeat(8)}$${'h'.repeat(86)}`];
      const pass = await bench.serveTls(
        'pass',
        { hostnames: ['a.test'], path: { type: 'prefix', value: '/x' }, tls },
        { hostnames: ['ends.test'], auth: { users }, tls },
      );
      const catalog = bench.catalog({ ...pass, appProtocol: 'http' });
      const { warnings } = await sync(bench.createSink(), catalog, bench);
      const reason = 'TLS that is passed through shows a host name and nothing else';
      expect(warnings.map(({ message }) => message)).toEqual([
        `a route was left out: ${reason}`,
        `a route is closed to everybody: ${reason}`,
      ]);
      expect((await requestTls(bench.tlsPort, { host: 'ends.test' })).status).toBe(403);
    });

    it('has hostile names left out, and those that look like words of the proxy are names', async () => {
      const pass = await bench.serveTls('pass', { hostnames: [...wordNames, ...hostileNames], tls });
      const { warnings } = await sync(bench.createSink(), bench.catalog(pass), bench);
      expect(warnings.map(({ message }) => message)).toEqual(
        hostileNames.map(() => expect.stringMatching(/^a host name of a route was left out/)),
      );
      for (const word of wordNames) expect(await nameAt(word), word).toBe('pass');
      expect(await nameAt('other.test')).toBe('ends.test');
    });
  });
}

/** Writes what a client says in small pieces, the first ones with pauses. */
function inPieces(socket: ReturnType<typeof connect>): Duplex {
  const pieces = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      void (async () => {
        for (let at = 0; at < chunk.length; at += 100) {
          socket.write(chunk.subarray(at, at + 100));
          if (at < 600) await new Promise((resolve) => setTimeout(resolve, 30));
        }
        done();
      })();
    },
  });
  socket.on('data', (chunk) => pieces.push(chunk));
  return pieces;
}

/** How many bytes come back before the other side closes. */
function countAnswer(port: number, text: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve, reject) => {
    let count = 0;
    socket.on('data', (chunk) => {
      count += chunk.length;
    });
    socket.on('error', () => resolve(count));
    socket.on('close', () => resolve(count));
    socket.setTimeout(20_000, () => {
      socket.destroy();
      reject(new Error('was not closed'));
    });
    socket.write(text);
  });
}
