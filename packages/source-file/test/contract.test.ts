import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeSourceContract } from '@signalbox/testkit/contracts';
import { type FileOptions, file } from '../src/index.ts';

const cannotHang = 'a local file is read or is not; it does not keep its reader waiting';
const asksForNoCredentials = 'a file asks for no credentials';

/** How a list of services, each with its addresses, is written. */
type Form = (services: readonly (readonly [name: string, addresses: readonly string[]])[]) => string;

const forms: Readonly<Record<string, Form>> = {
  services: (services) => JSON.stringify({ services: services.map(([name, endpoints]) => ({ name, endpoints })) }),
  'file_sd in YAML': (services) =>
    services.map(([job, targets]) => `- targets: ${JSON.stringify(targets)}\n  labels: { job: ${job} }\n`).join('') ||
    '[]\n',
};

for (const [name, form] of Object.entries(forms)) {
  describeSourceContract<FileOptions>(`file: ${name}`, {
    plugin: file,
    packageType: 'file',
    load: () => import('../src/index.ts'),
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'signalbox-file-contract-'));
      const path = join(folder, 'services.yaml');
      let text = form([]);
      const replace = async (content: string): Promise<void> => {
        await writeFile(`${path}.new`, content);
        await rename(`${path}.new`, path);
      };
      await replace(text);
      return {
        options: { files: [join(folder, '*.yaml')], intervalMs: 20 },
        async setServices(population) {
          const services = Object.entries(population).map(([service, count], index) => {
            const addresses = Array.from({ length: count }, (_, nth) => `127.0.0.1:${9000 + 100 * index + nth}`);
            return [service, addresses] as const;
          });
          text = form(services);
          await replace(text);
        },
        async fail(fault) {
          if (fault === 'unreachable') return rm(path);
          if (fault === 'garbage') return replace('<html>log in</html>\n');
          if (fault !== 'error') throw new Error(`a file cannot be "${fault}"`);
          await rm(path);
          await mkdir(path);
        },
        async recover() {
          await rm(path, { recursive: true, force: true });
          await replace(text);
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
      { test: 'repairs events that were lost', reason: 'the files are read again and again; a notice is only a hint' },
    ],
  });
}
