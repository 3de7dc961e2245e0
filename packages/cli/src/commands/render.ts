import type { Catalog, Service, Sink, SinkEntry } from '@signalbox/core';
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';

export interface RenderOptions extends TimeoutOption {
  readonly sink?: string;
  readonly file?: string;
}

/** A sink that can show what it would write. Resolves to the text of each file by its name. */
interface RenderingSink extends Sink {
  render(catalog: Catalog): Promise<ReadonlyMap<string, string>>;
}

export async function execute(invocation: Invocation, options: RenderOptions): Promise<ExitCode> {
  const { pipelineOptions } = await invocation.loadConfig();
  const { sink, transforms = [] } = chooseSink(pipelineOptions.sinks as Record<string, SinkEntry>, options.sink);
  const catalog = await runOnce(invocation, pipelineOptions, options, (pipeline, signal) => pipeline.collect(signal));
  let services: Iterable<Service> = catalog.services.values();
  for (const transform of transforms) services = transform.transform([...services]);
  const ownServices = new Map([...services].sort(byId).map((service) => [service.id, service]));
  const files = await (sink as RenderingSink).render({ ...catalog, services: ownServices });
  if (options.file !== undefined) invocation.host.stdout.write(chooseFile(files, options.file));
  else if (invocation.json) invocation.print(JSON.stringify(Object.fromEntries(files), undefined, 2));
  else if (files.size === 1) for (const text of files.values()) invocation.host.stdout.write(text);
  else for (const [name, text] of files) invocation.print(`==> ${name} <==\n${text}`);
  return exitCodes.ok;
}

function chooseSink(sinks: Readonly<Record<string, SinkEntry>>, wanted: string | undefined): SinkEntry {
  const ids = Object.keys(sinks).filter((id) => 'render' in (sinks[id]?.sink ?? {}));
  if (wanted !== undefined && sinks[wanted] === undefined) {
    throw new UsageError(`there is no sink "${wanted}"`, `known sinks: ${Object.keys(sinks).join(', ')}`);
  }
  if (wanted !== undefined && !ids.includes(wanted)) throw new UsageError(`the sink "${wanted}" has nothing to render`);
  const [only] = ids;
  if (only === undefined) throw new UsageError('no sink of this file has anything to render');
  if (wanted === undefined && ids.length > 1) {
    throw new UsageError('several sinks can be rendered', `choose one with --sink: ${ids.join(', ')}`);
  }
  return sinks[wanted ?? only] as SinkEntry;
}

function chooseFile(files: ReadonlyMap<string, string>, name: string): string {
  const text = files.get(name);
  if (text === undefined)
    throw new UsageError(`there is no file "${name}"`, `known files: ${[...files.keys()].join(', ')}`);
  return text;
}

function byId(left: Service, right: Service): number {
  return left.id < right.id ? -1 : 1;
}
