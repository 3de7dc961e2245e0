import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeSourceContract } from '@signalbox/testkit/contracts';
import { hosts } from '../src/index.ts';

const cannotHang = 'a local file is read or is not; it does not keep its reader waiting';
const asksForNoCredentials = 'a file asks for no credentials';

describeSourceContract('hosts', {
  plugin: hosts,
  packageType: 'hosts',
  load: () => import('../src/index.ts'),
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-hosts-'));
    const path = join(folder, 'hosts.txt');
    let text = '';
    // Renamed over the old file, without a moment in which there is none.
    const replace = async (content: string): Promise<void> => {
      await writeFile(`${path}.new`, content);
      await rename(`${path}.new`, path);
    };
    await replace('# none\n');
    return {
      options: { path, intervalMs: 20 },
      async setServices(population) {
        text = Object.entries(population)
          .map(([name, count], index) => {
            const addresses = Array.from(
              { length: count },
              (_, instance) => `127.0.0.1:${9000 + 100 * index + instance}`,
            );
            return `${name} ${10_000 + index} ${addresses.join(' ')}\n`;
          })
          .join('');
        await replace(`# services\n${text}`);
      },
      async fail(fault) {
        if (fault === 'unreachable') return rm(path);
        if (fault === 'garbage') return replace('shop eighty\n');
        if (fault !== 'error') throw new Error(`a file cannot be "${fault}"`);
        await rm(path);
        await mkdir(path);
      },
      async recover() {
        await rm(path, { recursive: true, force: true });
        await replace(`# services\n${text}`);
      },
      stop: () => rm(folder, { recursive: true, force: true }),
    };
  },
  skip: [
    { test: 'throws when the upstream hangs at the start', reason: cannotHang },
    { test: 'throws when the upstream begins to hang', reason: cannotHang },
    { test: 'ends when it is aborted while it fetches', reason: cannotHang },
    { test: 'throws when the upstream refuses the credentials at the start', reason: asksForNoCredentials },
    { test: 'throws when the upstream begins to refuse the credentials', reason: asksForNoCredentials },
    { test: 'shows its credentials in no set and no log', reason: asksForNoCredentials },
    { test: 'shows its credentials in no error', reason: asksForNoCredentials },
    { test: 'repairs events that were lost', reason: 'the file is read again and again; there are no events' },
  ],
});
