import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Catalog, defineSink, type Sink, type SinkPlugin } from '@signalbox/core';
import { toFileError } from '@signalbox/sink-kit';
import { dataOfCatalog } from './data/template-data.ts';
import { optionsSchema, type ResolvedTemplateOptions, type TemplateOptions } from './options.ts';
import { createPlan } from './plan/create-plan.ts';
import { renderAlone } from './plan/settle-contents.ts';
import { type Settings, toSettings } from './settings.ts';
import { createSinkState } from './sink-state.ts';
import { watchTarget } from './watch-target.ts';

/** Makes any file from a Liquid template, checks it, and tells a program to read it. */
export const template: SinkPlugin<TemplateOptions> = defineSink<TemplateOptions, ResolvedTemplateOptions>({
  type: 'template',
  description: 'Makes any file from a Liquid template, with check and reload commands.',
  options: optionsSchema,
  create: (options) => createTemplateSink(toSettings(options)),
});

function createTemplateSink(settings: Settings): Sink {
  const state = createSinkState(settings);
  return {
    plan: (catalog, context) => createPlan(state, catalog, context),
    changes: (context) => watchTarget(state, context),
    async probe() {
      await createSinkState(settings).templates.refresh();
      for (const { path } of settings.files) await assertWritable(dirname(path));
    },
    async render(catalog: Catalog) {
      const { templates } = state;
      await templates.refresh();
      const all = [...catalog.services.values()];
      const refused = renderAlone(state, all);
      const contents = templates.render(all.filter((service) => !refused.has(service)));
      return new Map(settings.files.map(({ path }, index) => [path, contents[index] ?? '']));
    },
    data: async (catalog) => dataOfCatalog(catalog),
    async [Symbol.asyncDispose]() {
      await state.lock.release();
    },
  };
}

async function assertWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw toFileError(error, 'writing into', folder);
  }
}
