import { formatSelector, isAbortError, messageOf, parseSelector, type Selector } from '@signalbox/core';
import type { DrainEntry } from '@signalbox/transforms';
import { editDrains } from '../drain/drain-store.ts';
import { findDrainFile } from '../drain/find-drain-file.ts';
import type { MatchedEndpoint } from '../drain/find-endpoints.ts';
import { lookAtMatches } from '../drain/look-at-matches.ts';
import { type EndOptions, readEnd } from '../drain/read-end.ts';
import { renderAdded, renderMatches } from '../drain/render-added.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import { Interrupted } from '../interrupted.ts';
import type { Invocation } from '../invocation.ts';
import { type TimeoutOption, watchInterrupts } from '../run-once.ts';

export interface DrainAddOptions extends EndOptions, TimeoutOption {
  readonly selector: string;
  readonly reason?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly transform?: string;
}

export async function execute(invocation: Invocation, options: DrainAddOptions): Promise<ExitCode> {
  const match = readSelector(options.selector);
  const entry: DrainEntry = {
    match,
    until: readEnd(options, Date.now()),
    reason: readReason(options.reason),
    ...(options.force === true && { force: true }),
  };
  const found = await findDrainFile(invocation, options.transform);
  const isDryRun = options.dryRun === true;
  const replaced = isDryRun ? undefined : await add(invocation, found.file, entry);
  if (!isDryRun && !invocation.json) {
    invocation.print(`${renderAdded(entry, replaced?.until, found, invocation)}\n`);
  }
  const matches = await look(invocation, options, found.path, match);
  if (invocation.json) {
    const { file, place } = found;
    const written = { file, transform: place, dryRun: isDryRun, drain: entry, replaced: replaced !== undefined };
    invocation.print(JSON.stringify({ ...written, endpoints: matches ?? null }, undefined, 2));
  } else if (matches !== undefined) {
    invocation.print(renderMatches(matches, match, { ...options, isDryRun }, invocation));
  }
  // Who only wants to know has to be told that it was in vain.
  return matches === undefined && isDryRun ? exitCodes.failed : exitCodes.ok;
}

async function add(invocation: Invocation, file: string, entry: DrainEntry) {
  const { signal, stop } = watchInterrupts(invocation);
  try {
    return await editDrains(file, (document) => document.add(entry), signal);
  } finally {
    stop();
  }
}

/** `undefined` when it cannot be known now, which is said. The drain itself does not depend on it. */
async function look(
  invocation: Invocation,
  options: DrainAddOptions,
  path: readonly (string | number)[],
  match: Selector,
): Promise<readonly MatchedEndpoint[] | undefined> {
  try {
    return await lookAtMatches(invocation, options, path, match);
  } catch (error) {
    if (error instanceof Interrupted || isAbortError(error)) throw error;
    const { reportError } = await import('../output/report-error.ts');
    invocation.say(
      `${invocation.talkColors.yellow('warning:')} what ${formatSelector(match)} matches now cannot be shown: ${messageOf(error).split('\n')[0]}`,
    );
    if (invocation.logLevel === 'debug') await reportError(error, invocation);
    return undefined;
  }
}

function readSelector(text: string): Selector {
  try {
    return parseSelector(text);
  } catch (error) {
    throw new UsageError(messageOf(error), 'such as endpoint.address=10.0.0.7, or "name=/shop/cart and source=old"');
  }
}

function readReason(text: string | undefined): string {
  if (text === undefined || text.trim() === '') {
    throw new UsageError('a drain has a reason', 'give one with --reason "…"; it is shown beside each endpoint');
  }
  if (/^[^\p{Cc}\u2028\u2029]{1,200}$/u.test(text)) return text;
  throw new UsageError('--reason takes one line of at most 200 characters');
}
