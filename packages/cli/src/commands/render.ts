import type { Catalog, PipelineOptions, PluginContext, Sink, SinkEntry } from '@signalbox/core';
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';

export interface RenderOptions extends TimeoutOption {
  readonly sink?: string;
  readonly file?: string;
  readonly data?: boolean;
}

export async function execute(invocation: Invocation, options: RenderOptions): Promise<ExitCode> {
  const { pipelineOptions } = await invocation.loadConfig();
  const sinks = pipelineOptions.sinks as Record<string, SinkEntry>;
  if (options.data) {
    const { id, ask } = chooseSink(sinks, options.sink, 'data');
    const data = await runOn(invocation, pipelineOptions, options, id, ask);
    invocation.print(JSON.stringify(data, undefined, 2));
    return exitCodes.ok;
  }
  const { id, ask } = chooseSink(sinks, options.sink, 'render');
  const files = await runOn(invocation, pipelineOptions, options, id, ask);
  if (options.file !== undefined) invocation.host.stdout.write(chooseFile(files, options.file));
  else if (invocation.json) invocation.print(JSON.stringify(Object.fromEntries(files), undefined, 2));
  else if (files.size === 1) for (const text of files.values()) invocation.host.stdout.write(text);
  else for (const [name, text] of files) invocation.print(`==> ${name} <==\n${text}`);
  return exitCodes.ok;
}

type Question = 'render' | 'data';
type Ask<Asked extends Question> = NonNullable<Sink[Asked]>;

async function runOn<Answer>(
  invocation: Invocation,
  pipelineOptions: PipelineOptions,
  options: RenderOptions,
  id: string,
  ask: (catalog: Catalog, context: PluginContext) => Promise<Answer>,
): Promise<Answer> {
  const logger = await invocation.createLogger();
  return runOnce(invocation, pipelineOptions, options, async (pipeline, signal) =>
    ask(await pipeline.collect(signal, id), { id, signal, logger }),
  );
}

const lacks: Readonly<Record<Question, readonly [one: string, none: string]>> = {
  render: ['has nothing to render', 'has anything to render'],
  data: ['has no data for templates', 'has data for templates'],
};

function chooseSink<Asked extends Question>(
  sinks: Readonly<Record<string, SinkEntry>>,
  wanted: string | undefined,
  question: Asked,
): { readonly id: string; readonly ask: Ask<Asked> } {
  if (wanted !== undefined && sinks[wanted] === undefined) {
    throw new UsageError(`there is no sink "${wanted}"`, `known sinks: ${Object.keys(sinks).join(', ')}`);
  }
  const able = Object.entries(sinks).flatMap(([id, { sink }]) => {
    const ask = sink[question]?.bind(sink) as Ask<Asked> | undefined;
    return ask === undefined ? [] : [{ id, ask }];
  });
  if (wanted !== undefined) {
    const chosen = able.find(({ id }) => id === wanted);
    if (chosen === undefined) throw new UsageError(`the sink "${wanted}" ${lacks[question][0]}`);
    return chosen;
  }
  const [only] = able;
  if (only === undefined) throw new UsageError(`no sink of this file ${lacks[question][1]}`);
  if (able.length > 1) {
    const ids = able.map(({ id }) => id).join(', ');
    throw new UsageError('several sinks can be rendered', `choose one with --sink: ${ids}`);
  }
  return only;
}

function chooseFile(files: ReadonlyMap<string, string>, name: string): string {
  const text = files.get(name);
  if (text === undefined)
    throw new UsageError(`there is no file "${name}"`, `known files: ${[...files.keys()].join(', ')}`);
  return text;
}
