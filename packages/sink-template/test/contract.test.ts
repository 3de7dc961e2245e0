import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '@signalbox/core';
import { describeSinkContract } from '@signalbox/testkit/contracts';
import { type TemplateOptions, template } from '../src/index.ts';

/** One directive a line: words, and strings as JSON. */
const text = `# made for the contract
{% for service in services %}service {{ service.id | quote }} {{ service.name | quote }}
{% for hostname in service.hostnames %}  host {{ hostname | quote }}
{% endfor %}{% for pair in service.labels %}  label {{ pair[0] | quote }} {{ pair[1] | quote }}
{% endfor %}{% for endpoint in service.endpoints %}  server {{ endpoint.target | quote }} {{ endpoint.health }}
{% endfor %}{% endfor %}`;

const refused: Service = {
  id: 'contract:/refused#0',
  name: '/refused',
  protocol: 'tcp',
  endpoints: [],
  labels: { refuse: 'this' },
};

describeSinkContract<TemplateOptions>('template', {
  plugin: template,
  packageType: 'template',
  load: () => import('../src/index.ts'),
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-template-'));
    const path = (name: string): string => join(folder, name);
    const script = async (name: string, body: string): Promise<void> => {
      await writeFile(path(name), `#!/bin/sh\n${body}\n`);
      await chmod(path(name), 0o755);
    };
    const checkAll = '! grep -q "refuse" "$1" || { echo "line refused"; exit 1; }';
    const reloadAll = `cp "${path('services.conf')}" "${path('in-force')}"`;
    await script('check', checkAll);
    await script('reload', reloadAll);
    const read = (name: string): Promise<string> => readFile(path(name), 'utf8').catch(() => '');
    return {
      options: {
        files: [{ path: path('services.conf'), text, check: [path('check'), '{candidate}'] }],
        reload: { command: [path('reload')], minIntervalMs: 0 },
      },
      fingerprint: async () => `${await read('services.conf')}\n---\n${await read('in-force')}`,
      failCheck: () => script('check', 'echo no; exit 1'),
      failReload: () => script('reload', 'echo broken; exit 1'),
      async recover() {
        await script('check', checkAll);
        await script('reload', reloadAll);
      },
      tamper: () => writeFile(path('services.conf'), '# by hand\n'),
      words: async () =>
        (await read('services.conf'))
          .replace(/^#.*$/gm, '')
          .match(/"(?:[^"\\\n]|\\.)*"|[^\s"]+/g)
          ?.map((word) => (word.startsWith('"') ? (JSON.parse(word) as string) : word)) ?? [],
      serves: async ({ id }) => (await read('in-force')).includes(JSON.stringify(id)),
      stop: () => rm(folder, { recursive: true, force: true }),
    };
  },
  refusedService: () => refused,
});
