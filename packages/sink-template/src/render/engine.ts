import { messageOf, SinkError } from '@signalbox/core';
import { Liquid, type Template } from 'liquidjs';
import type { TemplateData } from '../data/template-data.ts';
import { registerFilters } from './filters.ts';

export type Escape = 'line' | 'json' | 'none';

/** A template that never ends holds up nobody else. */
const renderLimitMs = 10_000;

/** A value that must not stand in a file as it is. */
export class HostileValueError extends Error {
  override readonly name = 'HostileValueError';
}

export interface CompiledTemplate {
  /** @throws {SinkError} SINK_CHECK_FAILED with template, line and column; its cause tells a hostile value. */
  render(data: TemplateData): string;
}

/** @throws {SinkError} SINK_CHECK_FAILED: the template itself is wrong. */
export function compileTemplate(
  text: string,
  { name, folder, escape: escaping }: { readonly name: string; readonly folder: string; readonly escape: Escape },
): CompiledTemplate {
  const engine = new Liquid({
    root: folder,
    extname: '.liquid',
    strictFilters: true,
    // A misspelled name would print nothing, and a file would go out with a hole in it.
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    renderLimit: renderLimitMs,
    ...(escaping === 'none' ? {} : { outputEscape: escaping === 'json' ? toJson : refuseControlCharacters }),
  });
  registerFilters(engine);
  const compiled = attempt<Template[]>(name, () => engine.parse(text, name));
  return { render: (data) => attempt(name, () => String(engine.renderSync(compiled, { ...data }))) };
}

function attempt<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new SinkError(`rendering the template ${name}: ${firstLine(error)}`, {
      code: 'SINK_CHECK_FAILED',
      cause: originOf(error),
      hint: 'mend the template; until then the file stays as it is',
    });
  }
}

/** Liquid's own message has the place in it: `undefined variable: x, file:…, line:3, col:5`. */
function firstLine(error: unknown): string {
  return (messageOf(error).split('\n')[0] ?? '').replace(/, file:[^,]*/, '');
}

function originOf(error: unknown): unknown {
  return error instanceof Error && 'originalError' in error ? (error.originalError ?? error) : error;
}

function toJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

function refuseControlCharacters(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
  if (!/\p{Cc}/u.test(text)) return text;
  throw new HostileValueError(`the value ${JSON.stringify(text.slice(0, 100))} has a control character in it`);
}
