import type { SinkEntry } from '@signalbox/core';
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';

export interface RenderOptions extends TimeoutOption {
  readonly sink?: string;
  readonly file?: string;
}

export async function execute(invocation: Invocation, options: RenderOptions): Promise<ExitCode> {
  const { pipelineOptions } = await invocation.loadConfig();
  const { id, render } = chooseSink(pipelineOptions.sinks as Record<string, SinkEntry>, options.sink);
  const logger = await invocation.createLogger();
  const files = await runOnce(invocation, pipelineOptions, options, async (pipeline, signal) =>
    render(await pipeline.collect(signal, id), { id, signal, logger }),
  );
  if (options.file !== undefined) invocation.host.stdout.write(chooseFile(files, options.file));
  else if (invocation.json) invocation.print(JSON.stringify(Object.fromEntries(files), undefined, 2));
  else if (files.size === 1) for (const text of files.values()) invocation.host.stdout.write(text);
  else for (const [name, text] of files) invocation.print(`==> ${name} <==\n${text}`);
  return exitCodes.ok;
}

interface Renderer {
  readonly id: string;
  readonly render: NonNullable<SinkEntry['sink']['render']>;
}

function chooseSink(sinks: Readonly<Record<string, SinkEntry>>, wanted: string | undefined): Renderer {
  if (wanted !== undefined && sinks[wanted] === undefined) {
    throw new UsageError(`there is no sink "${wanted}"`, `known sinks: ${Object.keys(sinks).join(', ')}`);
  }
  const renderers = Object.entries(sinks).flatMap(([id, { sink }]) =>
    sink.render === undefined ? [] : [{ id, render: sink.render.bind(sink) }],
  );
  if (wanted !== undefined) {
    const chosen = renderers.find(({ id }) => id === wanted);
    if (chosen === undefined) throw new UsageError(`the sink "${wanted}" has nothing to render`);
    return chosen;
  }
  const [only] = renderers;
  if (only === undefined) throw new UsageError('no sink of this file has anything to render');
  if (renderers.length > 1) {
    const ids = renderers.map(({ id }) => id).join(', ');
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
