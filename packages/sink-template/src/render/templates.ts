import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { type Service, SinkError } from '@signalbox/core';
import { toTemplateData } from '../data/template-data.ts';
import type { FileSettings } from '../settings.ts';
import { type CompiledTemplate, compileTemplate } from './engine.ts';

/** Compiles each template once for each of its states, and renders once for each set of services. */
export interface Templates {
  /** The content of every file for these services, in the order of the options. @throws {SinkError} */
  render(services: readonly Service[]): readonly string[];
  /** Reads what changed on the disk. @throws {SinkError} SINK_UNREACHABLE for a template that cannot be read. */
  refresh(): Promise<void>;
}

export function createTemplates(files: readonly FileSettings[]): Templates {
  const compiled = new Map<FileSettings, { readonly stamp: string; readonly template: CompiledTemplate }>();
  /** One plan asks for the same set several times, and a resync for that of the last plan: rendering is nearly all that a plan costs. */
  let last: { readonly services: readonly Service[]; readonly contents: readonly string[] } | undefined;
  const renew = (file: FileSettings, stamp: string, template: CompiledTemplate): void => {
    last = undefined;
    compiled.set(file, { stamp, template });
  };

  return {
    render(services) {
      if (last !== undefined && isSameList(last.services, services)) return last.contents;
      const data = toTemplateData(services);
      const contents = files.map((file) => compiled.get(file)?.template.render(data) ?? '');
      last = { services, contents };
      return contents;
    },
    async refresh() {
      for (const file of files) {
        const { source } = file;
        if (source.kind === 'text') {
          if (compiled.has(file)) continue;
          renew(file, '', compile(file, source.text, `of ${basename(file.path)}`, '.'));
          continue;
        }
        const path = resolve(source.path);
        // Partials may have changed, too: the newest state of the whole folder is not known, so the template is compiled at each look.
        const { text, stamp } = await read(path);
        const before = compiled.get(file);
        if (before?.stamp === stamp && !/\{%-?\s*(include|render|layout)\b/.test(text)) continue;
        renew(file, stamp, compile(file, text, path, dirname(path)));
      }
    },
  };
}

/** A service that did not change is the same object. */
function isSameList(left: readonly Service[], right: readonly Service[]): boolean {
  return left.length === right.length && left.every((service, index) => service === right[index]);
}

function compile(file: FileSettings, text: string, name: string, folder: string): CompiledTemplate {
  return compileTemplate(text, { name, folder, escape: file.escape });
}

async function read(path: string): Promise<{ readonly text: string; readonly stamp: string }> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return { text: await readFile(path, 'utf8'), stamp: `${ino}-${size}-${mtimeNs}` };
  } catch (cause) {
    throw new SinkError(`reading the template ${path}`, {
      code: 'SINK_UNREACHABLE',
      cause,
      hint: 'check that the file exists and that this user may read it',
    });
  }
}
