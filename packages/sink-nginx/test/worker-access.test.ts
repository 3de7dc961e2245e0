import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, service } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench, modes, sync } from './support/bench.ts';

const isRoot = process.getuid?.() === 0;

describe.each(modes)('mode %s', (mode) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await createBench({ mode, workers: 1 });
  });
  afterEach(() => bench.close());

  const probe = () => bench.createSink().probe?.(bench.context);

  /** Workers of an nginx that root did not start are its own user. */
  async function expectClosed(folder: string): Promise<void> {
    if (!isRoot) return expect(probe()).resolves.toBeUndefined();
    await expect(probe()).rejects.toMatchObject({
      code: 'SINK_REFUSED',
      message: `the workers of nginx run as "nobody", who may not enter the folder "${folder}"`,
      hint: expect.stringContaining('runDirectory'),
    });
  }

  it('a probe names the folder that is closed to workers, and their user', async () => {
    await chmod(bench.directory, 0o700);
    await expectClosed(bench.directory);
    const port = await freePort();
    await sync(bench.createSink(), bench.catalog(service('/web', { appProtocol: 'http', port })), bench);
    await expectClosed(bench.directory);
    await chmod(bench.directory, 0o711);
    await expect(probe()).resolves.toBeUndefined();
    for (const folder of [join(bench.directory, 'signalbox', 'pass'), join(bench.directory, 'signalbox')]) {
      await chmod(folder, 0o700);
      await expectClosed(folder);
    }
  });

  it('a probe asks for the user that an option names', async () => {
    await chmod(bench.directory, 0o700);
    await expect(bench.createSink({ user: 'root' }).probe?.(bench.context)).resolves.toBeUndefined();
    const asked = expect(bench.createSink({ user: 'www-data' }).probe?.(bench.context));
    await (isRoot ? asked.rejects.toThrow('"www-data"') : asked.resolves.toBeUndefined());
  });
});
