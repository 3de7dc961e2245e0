import { ConfigError, type ErrorCode } from '@signalbox/core';
import type { Colors } from '../output/colors.ts';
import { printable } from '../output/text.ts';
import { unlimitedWidth, wrapLabelled, wrapText } from '../output/wrap-text.ts';
import { markLine } from './mark-line.ts';
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
  const place = line === 0 ? `${file}:` : `${file}:${line}:${column}`;
  return path.length === 0 ? `${place} ${message}` : `${place} ${formatPath(path)}: ${message}`;
}

/** The summary, the line of the file with carets below the place, and the advice. */
export function renderProblem(problem: Problem, colors: Colors, width: number): string {
  const { file, line, column, path, message, advice, sourceLine, length } = problem;
  const place = line === 0 ? `${file}:` : `${file}:${line}:${column}`;
  const head = path.length === 0 ? '' : `${formatPath(path)}: `;
  const lines = [
    wrapText(`${colors.bold(printable(place))} ${printable(head)}${colors.red(printable(message))}`, width, '  '),
  ];
  const margin = ' '.repeat(String(line).length);
  if (sourceLine !== undefined) {
    const { text, before, marks } = markLine(sourceLine, column, length, width - margin.length - 5);
    lines.push(`  ${colors.dim(`${line} |`)} ${text}`, `  ${margin} ${colors.dim('|')} ${before}${colors.red(marks)}`);
  }
  if (advice !== undefined) lines.push(wrapLabelled(`  ${margin} ${colors.dim('=')} `, printable(advice), width));
  return lines.join('\n');
}

export function renderProblems(problems: readonly Problem[], colors: Colors, width: number = unlimitedWidth): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${problems.map((problem) => renderProblem(problem, colors, width)).join('\n\n')}\n\n${count} in ${problems[0]?.file}`;
}
