import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@signalbox/core';
import { runCommand, writeFileAtomically } from '@signalbox/sink-kit';
import { template } from '@signalbox/sink-template';
import { catalogOf } from '@signalbox/testkit';
import type { Measurement } from '../measurement.ts';
import { createDirectory } from '../stage/directory.ts';
import { Fleet } from '../stage/fleet.ts';
import { interleave, median } from '../statistics.ts';

const services = 1_000;
const rounds = 20;
/** The lightest one: what a program does to read its file again is not ours. */
const reload = ['true'];
const targets = `[{% for service in services %}
{"targets": {{ service.active | targets | json }}, "labels": {"job": {{ service.name | json }}}}{% unless forloop.last %},{% endunless %}{% endfor %}
]
`;

/** The sink alone: from a catalog to a file that is on the disk, and a reload command that has ended. */
export const changeInTemplate: Measurement = {
  id: 'template',
  title: `Change → file and reload command, ${services} services`,
  async *measure({ signal, say }) {
    say(`${services} services, ${rounds} rounds`);
    await using directory = await createDirectory();
    const path = join(directory.path, 'targets.json');
    const sink = template({
      files: [{ path, text: targets, escape: 'none' }],
      reload: { command: reload, minIntervalMs: 0 },
    });
    const context = { id: 'bench', signal, logger: silentLogger };
    const fleet = new Fleet(services);
    let next = catalogOf(fleet.services);
    let content = '';
    const bring = async (): Promise<void> => (await sink.plan(next, context)).apply();
    try {
      await bring();
      const { change, bare } = await interleave(
        {
          rounds,
          warmUpRounds: 3,
          async prepare() {
            next = catalogOf(fleet.grow(1));
            content = await readFile(path, 'utf8');
          },
        },
        {
          change: bring,
          bare: async () => {
            await writeFileAtomically(`${path}.bare`, content);
            await runCommand(reload, { signal, code: 'SINK_APPLY_FAILED', purpose: 'running the command' });
          },
        },
      );
      JSON.parse(await readFile(path, 'utf8'));
      const value = median(change);
      const against = 'the bare write of that file and the bare command';
      yield { what: 'one new endpoint', value, unit: 'ms', ratio: value / median(bare), against, samples: rounds };
    } finally {
      await sink[Symbol.asyncDispose]?.();
    }
  },
};
