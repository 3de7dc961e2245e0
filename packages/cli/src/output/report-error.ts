import { isAbortError, isPipelineError, messageOf, type PipelineError } from '@signalbox/core';
import { UsageError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { printableLines } from './text.ts';
import { wrapLabelled } from './wrap-text.ts';

/** Tells the operator what went wrong: every configuration problem; else the message, its causes and what to do. */
export async function reportError(error: unknown, invocation: Invocation): Promise<void> {
  const { ConfigProblemsError, renderProblems, summarizeProblem } = await import('../config/problems.ts');
  const parts = partsOf(error);
  if (parts.length > 0) {
    for (const part of parts) await reportError(part, invocation);
    return;
  }
  if (invocation.logFormat === 'json') {
    const logger = await invocation.createLogger();
    if (!(error instanceof ConfigProblemsError)) {
      const code = isPipelineError(error) ? { code: error.code } : {};
      return logger.error({ event: 'error', ...code, error }, messageOf(error));
    }
    for (const problem of error.problems) {
      const { sourceLine: _sourceLine, ...fields } = problem;
      logger.error({ event: 'config-problem', ...fields }, summarizeProblem(problem));
    }
    return;
  }
  if (error instanceof ConfigProblemsError)
    return invocation.say(renderProblems(error.problems, invocation.talkColors, invocation.talkWidth));
  invocation.say(renderError(error, invocation));
}

/** What is told one by one: several errors, or one that stands for those of several plugins. */
function partsOf(error: unknown): readonly unknown[] {
  if (error instanceof AggregateError) return error.errors;
  const cause = isPipelineError(error) ? error.cause : undefined;
  return cause instanceof AggregateError && cause.errors.every(isPipelineError) ? cause.errors : [];
}

function renderError(error: unknown, invocation: Invocation): string {
  const { talkColors: colors, logLevel } = invocation;
  const plugin = isPipelineError(error) ? renderPlugin(error.plugin) : '';
  const code = isPipelineError(error) ? colors.dim(` (${error.code})`) : '';
  const lines = [renderPart('error', `${plugin}${ownMessage(error)}`, invocation, code)];
  for (const cause of causesOf(error)) lines.push(renderPart('cause', ownMessage(cause), invocation));
  const hint = isPipelineError(error) || error instanceof UsageError ? error.hint : undefined;
  if (hint !== undefined) lines.push(renderPart('hint', hint, invocation));
  if (logLevel === 'debug' && error instanceof Error && error.stack !== undefined) lines.push(colors.dim(error.stack));
  return lines.join('\n');
}

/** For a failure that is an answer, and so no error that is thrown. */
export function sayFailure(invocation: Invocation, message: string, hint: string): void {
  invocation.say(`${renderPart('error', message, invocation)}\n${renderPart('hint', hint, invocation)}`);
}

/** Text from outside is made harmless; further lines stand below the first one. */
function renderPart(
  part: 'error' | 'cause' | 'hint',
  text: string,
  { talkColors: colors, talkWidth }: Invocation,
  rest = '',
): string {
  const label = { error: colors.red('error:'), cause: `  ${colors.dim('cause:')}`, hint: `  ${colors.cyan('hint:')}` };
  return wrapLabelled(`${label[part]} `, `${printableLines(text)}${rest}`, talkWidth);
}

function renderPlugin(plugin: PipelineError['plugin']): string {
  return plugin === undefined ? '' : `${plugin.kind} ${plugin.id}: `;
}

function ownMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : error.message;
}

/** The causes that add something to what stands above them. */
function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  let above = ownMessage(error);
  for (let cause = error instanceof Error ? error.cause : undefined; cause !== undefined; ) {
    const message = ownMessage(cause);
    if (!above.includes(message) && !isAbortError(cause)) causes.push(cause);
    above = message;
    cause = cause instanceof Error && causes.length < 10 ? cause.cause : undefined;
  }
  return causes;
}
