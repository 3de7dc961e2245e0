import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { type Service, SinkError } from '@signalbox/core';
import { toTemplateData } from '../data/template-data.ts';
import type { FileSettings } from '../settings.ts';
import { type CompiledTemplate, compileTemplate } from './engine.ts';

/** Compiles each template once for each of its states. */
export interface Templates {
  /** The content of every file for these services, in the order of the options. @throws {SinkError} */
  render(services: Iterable<Service>): readonly string[];
  /** Reads what changed on the disk. @throws {SinkError} SINK_UNREACHABLE for a template that cannot be read. */
  refresh(): Promise<void>;
}

export function createTemplates(files: readonly FileSettings[]): Templates {
  const compiled = new Map<FileSettings, { readonly stamp: string; readonly template: CompiledTemplate }>();

  return {
    render(services) {
      const data = toTemplateData(services);
      return files.map((file) => compiled.get(file)?.template.render(data) ?? '');
    },
    async refresh() {
      for (const file of files) {
        const { source } = file;
        if (source.kind === 'text') {
          if (compiled.has(file)) continue;
          compiled.set(file, { stamp: '', template: compile(file, source.text, `of ${basename(file.path)}`, '.') });
          continue;
        }
        const path = resolve(source.path);
        // Partials may have changed, too: the newest state of the whole folder is not known, so the template is compiled at each look.
        const { text, stamp } = await read(path);
        const before = compiled.get(file);
        if (before?.stamp === stamp && !/\{%-?\s*(include|render|layout)\b/.test(text)) continue;
        compiled.set(file, { stamp, template: compile(file, text, path, dirname(path)) });
      }
    },
  };
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
