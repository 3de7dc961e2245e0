import { describePassthrough } from '@signalbox/testkit/proxy';
import { shakeHands } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summaries, sync } from './support/services.ts';
import { stage } from './support/stage.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

const tls = { mode: 'passthrough' } as const;

describePassthrough('HAProxy', stage);

describe('TLS that is passed through by HAProxy', () => {
  let bench: TlsBench;
  beforeEach(async () => {
    bench = await createTlsBench();
    await bench.certify('ends.test');
  });
  afterEach(() => bench.close());

  it('a further name for TLS that is passed through needs no reload', async () => {
    const sink = bench.createSink();
    const ends = await bench.serve('ends', { hostnames: ['ends.test'] });
    const pass = await bench.serveTls('pass', { hostnames: ['one.test'], tls });
    await sync(sink, bench.catalog(ends, pass), bench);
    const pid = await bench.pid();
    const both = { ...pass, routes: [{ hostnames: ['one.test', '*.two.test'], tls }] };
    const plan = await sync(sink, bench.catalog(ends, both), bench);
    // Beside a wildcard, the hosts whose TLS ends here are named too.
    expect(summaries(plan)).toEqual([
      expect.stringContaining('route *.two.test led to backend'),
      'route ends.test led to backend s_none',
    ]);
    expect((await shakeHands(bench.tlsPort, { servername: 'x.two.test' })).commonName).toBe('pass');
    expect(await bench.pid()).toBe(pid);
  });

  it('a wildcard with more labels than a map is asked for is left out', async () => {
    const pass = await bench.serveTls('pass', { hostnames: ['*.a.b.c.d.e.f'], tls });
    const { warnings } = await sync(bench.createSink(), bench.catalog(pass), bench);
    expect(warnings.map(({ message }) => message)).toEqual([
      'a host name of a route was left out: a wildcard has at most 5 labels behind it',
    ]);
  });
});
