import type { Backend } from '../desired/model.ts';
import type { Spare } from '../structure/spares.ts';
import * as safe from './escape.ts';
import { serverWords } from './servers.ts';

const texts = new WeakMap<Backend, string>();

/** The section with its servers. Rendered once for each object, since most stay the same between two files. */
export function renderBackend(backend: Backend): string {
  const known = texts.get(backend);
  if (known !== undefined) return known;
  const servers = [...backend.servers.values()].map((server) => `server ${serverWords(backend, server)}`);
  const text = section(backend, [...backend.lines, ...servers]);
  texts.set(backend, text);
  return text;
}

/** What needs a reload when it changes: the section without its servers, and what every server line has. */
export function renderBackendStructure(backend: Backend): string {
  return section(backend, [...backend.lines, `server ${backend.serverSettings}`]);
}

/** One that waits for a service: its servers come with it. */
export function renderSpare(spare: Spare): string {
  return section(spare, spare.lines);
}

function section({ name, mode }: Pick<Backend, 'name' | 'mode'>, lines: readonly string[]): string {
  return `backend ${safe.name(name)} from d_${mode}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
