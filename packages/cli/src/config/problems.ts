import { ConfigError, type ErrorCode } from '@signalbox/core';
import type { Colors } from '../output/colors.ts';
import { printable, visibleControls } from '../output/text.ts';
import { formatPath, type Path } from './tree.ts';

/** One thing that is wrong in a configuration file. Holds no secrets and no substituted values. */
export interface Problem {
  readonly code: ErrorCode;
  /** As the user named it. */
  readonly file: string;
  /** 1-based; 0 when the file as a whole is meant. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** How much of the line is meant. */
  readonly length: number;
  /** Keys from the root, as they are written in the file. */
  readonly path: Path;
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
  /** The line of the file, with secrets masked. */
  readonly sourceLine?: string;
}

/** A configuration file cannot be used. Carries every problem; the message lists them all. */
export class ConfigProblemsError extends ConfigError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(summarizeProblem).join('\n'), {
      code: problems[0]?.code ?? 'CONFIG_INVALID',
      issues: problems.map(({ path, message }) => ({ path, message })),
    });
    this.problems = problems;
  }
}

/** `signalbox.yaml:9:12 sources.mesos.options.urls: expected array, received string`. */
export function summarizeProblem({ file, line, column, path, message }: Problem): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  return path.length === 0 ? `${place} ${message}` : `${place} ${formatPath(path)}: ${message}`;
}

/** The summary, the line of the file with carets below the place, and the advice. */
export function renderProblem(problem: Problem, colors: Colors): string {
  const { file, line, column, path, message, advice, sourceLine, length } = problem;
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const head = path.length === 0 ? '' : `${formatPath(path)}: `;
  const lines = [`${colors.bold(printable(place))} ${printable(head)}${colors.red(printable(message))}`];
  const margin = ' '.repeat(String(line).length);
  if (sourceLine !== undefined) {
    lines.push(`  ${colors.dim(`${line} |`)} ${visibleControls(sourceLine)}`);
    // A tab in the line stays a tab before the caret, so that both are equally wide.
    const before = sourceLine.slice(0, column - 1).replace(/[^\t]/g, ' ');
    lines.push(`  ${margin} ${colors.dim('|')} ${before}${colors.red('^'.repeat(length))}`);
  }
  if (advice !== undefined) lines.push(`  ${margin} ${colors.dim('=')} ${printable(advice)}`);
  return lines.join('\n');
}

export function renderProblems(problems: readonly Problem[], colors: Colors): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${problems.map((problem) => renderProblem(problem, colors)).join('\n\n')}\n\n${count} in ${problems[0]?.file}`;
}
