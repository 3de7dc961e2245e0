import { formatPath, type Path } from '../config/tree.ts';
import type { Colors } from '../output/colors.ts';
import { count, printable } from '../output/text.ts';
import { wrapText } from '../output/wrap-text.ts';
import type { Mismatch } from './compare-data.ts';
import type { ScenarioFile } from './scenario-file.ts';

/** One scenario that was run, for people and for machines. */
export interface ScenarioResult {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly passed: boolean;
  readonly durationMs: number;
  readonly failures: readonly ScenarioFailure[];
}

export interface ScenarioFailure {
  readonly line: number;
  readonly column: number;
  /** Of the expectation, below the scenario. */
  readonly path: Path;
  readonly message: string;
  readonly diff: readonly string[];
}

export function toResult(
  file: ScenarioFile,
  index: number,
  mismatches: readonly Mismatch[],
  durationMs: number,
): ScenarioResult {
  return {
    file: file.shown,
    line: file.positionOf(['scenarios', index]).line,
    name: file.scenarios[index]?.name ?? '',
    passed: mismatches.length === 0,
    durationMs: Math.round(durationMs),
    failures: mismatches.map(({ path, message, diff = [] }) => {
      const { line, column } = file.positionOf(path);
      // The first two segments say which scenario it is.
      return { line, column, path: path.slice(2), message, diff };
    }),
  };
}

interface Look {
  readonly colors: Colors;
  readonly width: number;
}

export function renderResult({ file, name, passed, failures }: ScenarioResult, { colors, width }: Look): string {
  const lines = [`${passed ? colors.green('ok') : colors.red('FAILED')}  ${printable(name)}`];
  for (const { line, column, path, message, diff } of failures) {
    const place = path.length === 0 ? '' : ` ${printable(formatPath(path))}:`;
    lines.push(
      wrapText(`  ${colors.bold(`${file}:${line}:${column}`)}${place} ${printable(message)}`, width, '      '),
    );
    for (const each of diff) lines.push(`      ${paint(each, colors)(printable(each))}`);
  }
  return lines.join('\n');
}

export function renderSummary(results: readonly ScenarioResult[], colors: Colors): string {
  const failed = results.filter(({ passed }) => !passed).length;
  const total = count(results.length, 'scenario');
  return failed === 0 ? colors.green(`${total}, all as expected`) : colors.red(`${total}, ${failed} failed`);
}

function paint(line: string, colors: Colors): (text: string) => string {
  if (line.startsWith('- ')) return colors.red;
  return line.startsWith('+ ') ? colors.green : colors.dim;
}
