import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Catalog,
  defineSink,
  type Plan,
  type PluginContext,
  type Service,
  SinkError,
  type SinkPlugin,
} from '@signalbox/core';
import type { SinkHarness } from '../../src/contracts/sink/sink-harness.ts';
import { service } from '../../src/data/service.ts';
import { strictSchema } from './strict-schema.ts';

export interface FileOptions {
  readonly folder: string;
}

/** What a broken sink does wrong. */
export interface SinkFlaws {
  readonly render?: (services: readonly Service[]) => string;
  readonly writesWhenItPlans?: boolean;
  readonly skipsRollback?: boolean;
  readonly writesBeforeTheCheck?: boolean;
  readonly writesInPieces?: boolean;
  readonly trustsItsMemory?: boolean;
  readonly appends?: boolean;
  readonly servesNothing?: boolean;
  readonly failsAsAWhole?: boolean;
  readonly leavesTimer?: boolean;
  readonly vagueChanges?: boolean;
}

/** Name of a service that the check refuses. */
const refusedName = '/refused';

/** Quotes and escapes everything that is no plain letter. */
export function quote(text: string): string {
  return `"${text.replace(/[^a-zA-Z0-9/.:_-]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)}"`;
}

export function render(services: readonly Service[]): string {
  return [...services]
    .sort((left, right) => (left.id < right.id ? -1 : 1))
    .map(({ id, name, endpoints }) => {
      const places = endpoints.map(({ address, port }) => quote(`${address}:${port}`));
      return `service ${quote(id)} ${quote(name)} ${places.join(' ')}\n`;
    })
    .join('');
}

function fileSink(flaws: SinkFlaws = {}): SinkPlugin<FileOptions> {
  return defineSink<FileOptions, FileOptions>({
    type: 'file',
    description: 'Writes a line for each service.',
    options: strictSchema<FileOptions>({ folder: { type: 'string', description: 'Where the file is.' } }),
    create: ({ folder }) => new FileSink(folder, flaws),
  });
}

class FileSink {
  readonly #folder: string;
  readonly #flaws: SinkFlaws;
  #remembered: string | undefined;

  constructor(folder: string, flaws: SinkFlaws) {
    this.#folder = folder;
    this.#flaws = flaws;
  }

  async plan(catalog: Catalog, { signal }: PluginContext): Promise<Plan> {
    signal.throwIfAborted();
    const flaws = this.#flaws;
    if (flaws.leavesTimer === true) setInterval(() => {}, 1_000);
    const actual = flaws.trustsItsMemory === true ? (this.#remembered ?? (await this.#read())) : await this.#read();
    const all = [...catalog.services.values()];
    const refused = flaws.failsAsAWhole === true ? [] : all.filter(({ name }) => name === refusedName);
    const desired = (flaws.render ?? render)(all.filter((item) => !refused.includes(item)));
    if (flaws.writesWhenItPlans === true) await writeFile(this.#path, desired);
    const summary = flaws.vagueChanges === true ? 'something\nchanges' : 'write the file';
    const change = { action: 'update', target: this.#path, summary, services: all.map(({ id }) => id) } as const;
    return {
      changes: desired === actual ? [] : [change],
      warnings: refused.map(({ id }) => ({ message: 'refused by the check', service: id })),
      apply: () => this.#apply(desired, actual, signal),
    };
  }

  get #path(): string {
    return join(this.#folder, 'services');
  }

  async #apply(desired: string, planned: string, signal: AbortSignal): Promise<void> {
    const flaws = this.#flaws;
    const before = await this.#read();
    if (before !== planned && flaws.appends !== true) {
      throw new SinkError('writing a file that changed since the plan', { code: 'SINK_TARGET_CHANGED' });
    }
    if (flaws.servesNothing === true) {
      this.#remembered = desired;
      return;
    }
    const mode = await readFile(join(this.#folder, 'mode'), 'utf8');
    if (flaws.writesBeforeTheCheck === true) await writeFile(this.#path, desired);
    if (mode === 'check' || desired.includes(refusedName)) {
      throw new SinkError('checking the candidate', { code: 'SINK_CHECK_FAILED' });
    }
    signal.throwIfAborted();
    if (flaws.writesInPieces === true) await this.#writeInPieces(desired, signal);
    const text = flaws.appends === true ? before + desired.slice(planned.length) : desired;
    await writeFile(`${this.#path}.new`, text);
    await rename(`${this.#path}.new`, this.#path);
    if (mode === 'reload') {
      if (flaws.skipsRollback !== true) await writeFile(this.#path, before);
      throw new SinkError('reloading', { code: 'SINK_ROLLED_BACK' });
    }
    this.#remembered = desired;
  }

  async #writeInPieces(desired: string, signal: AbortSignal): Promise<void> {
    for (let end = 0; end <= desired.length; end += 1) {
      signal.throwIfAborted();
      await writeFile(this.#path, desired.slice(0, end));
    }
  }

  async #read(): Promise<string> {
    return readFile(this.#path, 'utf8');
  }
}

/** The harness of a file sink, with or without flaws. */
export function fileHarness(flaws: SinkFlaws = {}): SinkHarness<FileOptions> {
  const plugin = fileSink(flaws);
  return {
    plugin,
    packageType: 'file',
    load: async () => ({ default: plugin }),
    refusedService: () => service(refusedName),
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'signalbox-contract-'));
      const path = join(folder, 'services');
      const setMode = (mode: string): Promise<void> => writeFile(join(folder, 'mode'), mode);
      await writeFile(path, '');
      await setMode('well');
      return {
        options: { folder },
        fingerprint: () => readFile(path, 'utf8'),
        failCheck: () => setMode('check'),
        failReload: () => setMode('reload'),
        recover: () => setMode('well'),
        tamper: () => writeFile(path, 'service "by another hand"\n'),
        words: async () => (await readFile(path, 'utf8')).match(/"[^"]*"|[^\s;]+/g) ?? [],
        serves: async ({ id }) => (await readFile(path, 'utf8')).includes(quote(id)),
        stop: () => rm(folder, { recursive: true }),
      };
    },
  };
}
