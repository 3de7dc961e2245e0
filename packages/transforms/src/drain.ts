import { defineTransform, type Service, type Transform, type TransformPlugin, type Warning } from '@signalbox/core';
import { z } from 'zod';
import { DrainFile, type DrainState } from './drain/drain-file.ts';
import type { DrainOptions } from './drain/drain-options.ts';
import { type DrainResult, drainService } from './drain/drain-service.ts';
import { remember } from './remember.ts';

const schema = z.strictObject({
  file: z.string().min(1).meta({
    description: 'The YAML file with the drains; it may be missing. Relative to the working directory.',
  }),
});

/** Takes endpoints out on the word of an operator, until a time, for a reason. */
export const drain: TransformPlugin<DrainOptions> = defineTransform({
  type: 'drain',
  description: 'Drains endpoints as a file of operator overrides says, each with a reason and an end.',
  options: schema,
  create: ({ file }) => createDrain(file),
});

export default drain;

function createDrain(path: string): Transform {
  const file = new DrainFile(path);
  let state: DrainState | undefined;
  const rememberResults = (): ((service: Service) => DrainResult) =>
    remember((service) => drainService(service, state?.active ?? []));
  let resultOf = rememberResults();
  let latest: readonly Service[] = [];

  return {
    transform(services) {
      const current = file.state;
      if (current !== state) resultOf = rememberResults();
      state = current;
      latest = services;
      if (state.active.length === 0) return services;
      return services.map((service) => resultOf(service).service);
    },
    changes: (context) => file.changes(context),
    warnings: () => [
      ...file.problems.map((message) => ({ message })),
      ...listEnded(state, path),
      ...(state === undefined ? [] : listWithoutEffect(state, latest.map(resultOf))),
      ...latest.flatMap((service) => listRefused(service, resultOf(service))),
    ],
    explain(serviceId) {
      const service = latest.find(({ id }) => id === serviceId);
      if (service === undefined) return [];
      const { applied, refused } = resultOf(service);
      return [
        ...[...applied].map(
          ([{ text, until, reason }, count]) =>
            `drains ${count} of ${service.endpoints.length} endpoints until ${until}, because ${JSON.stringify(reason)} (${text})`,
        ),
        ...refused.map(
          ({ text }) => `does not drain ${text}: nobody else could serve; with "force: true" it would all the same`,
        ),
      ];
    },
  };
}

function listEnded(state: DrainState | undefined, path: string): readonly Warning[] {
  return (state?.ended ?? []).map(({ text, until }) => ({
    message: `the drain of ${text} ended at ${until}; take it out of ${path}`,
  }));
}

/** No error: what is meant may not be there yet. */
function listWithoutEffect({ active }: DrainState, results: readonly DrainResult[]): readonly Warning[] {
  return active
    .filter((one) => !results.some(({ applied, refused }) => applied.has(one) || refused.includes(one)))
    .map(({ text }) => ({ message: `the drain of ${text} matches no endpoint that takes traffic` }));
}

function listRefused({ id }: Service, { refused }: DrainResult): readonly Warning[] {
  return refused.map(({ text }) => ({
    message: `the drain of ${text} would leave nobody to serve ${JSON.stringify(id)}, and waits until somebody else can; force: true does not wait`,
    service: id,
  }));
}
