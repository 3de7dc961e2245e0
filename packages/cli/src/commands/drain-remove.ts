import { formatSelector, messageOf, parseSelector } from '@signalbox/core';
import type { DrainDocument, PlacedDrain } from '@signalbox/transforms';
import { editDrains } from '../drain/drain-store.ts';
import { findDrainFile } from '../drain/find-drain-file.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { printable } from '../output/text.ts';
import { watchInterrupts } from '../run-once.ts';

export interface DrainRemoveOptions {
  readonly what: readonly string[];
  readonly ended?: boolean;
  readonly transform?: string;
}

/** All that was asked for goes, or nothing does. */
export async function execute(invocation: Invocation, options: DrainRemoveOptions): Promise<ExitCode> {
  const { what, ended = false, transform } = options;
  if (what.length === 0 && !ended) {
    throw new UsageError('nothing says which drains to remove', 'give numbers or selectors, or --ended');
  }
  const wanted = what.map(readWanted);
  const { file, place } = await findDrainFile(invocation, transform);
  const { signal, stop } = watchInterrupts(invocation);
  let removed: readonly PlacedDrain[];
  try {
    removed = await editDrains(file, (document) => removeAll(document, wanted, ended), signal);
  } finally {
    stop();
  }
  if (invocation.json) {
    const drains = removed.map(({ position, drain }) => ({ position, selector: drain?.text ?? null }));
    invocation.print(JSON.stringify({ file, transform: place, removed: drains }, undefined, 2));
  } else if (removed.length === 0) invocation.print(`no drain of ${file} has ended`);
  else invocation.print(removed.map((one) => describe(one, invocation)).join('\n'));
  return exitCodes.ok;
}

interface Wanted {
  readonly shown: string;
  readonly find: (document: DrainDocument) => PlacedDrain | undefined;
}

function readWanted(text: string): Wanted {
  if (/^\d+$/.test(text)) {
    const find = ({ entries }: DrainDocument) => entries.find(({ position }) => position === Number(text));
    return { shown: `number ${text}`, find };
  }
  try {
    const selector = parseSelector(text);
    return { shown: formatSelector(selector), find: (document) => document.find(selector) };
  } catch (error) {
    throw new UsageError(messageOf(error), 'give a number of "signalbox drain list", or a selector as it stands there');
  }
}

function removeAll(document: DrainDocument, wanted: readonly Wanted[], ended: boolean): readonly PlacedDrain[] {
  const chosen = new Set(
    wanted.map(({ shown, find }) => {
      const found = find(document)?.position;
      if (found !== undefined) return found;
      throw new UsageError(`there is no drain ${printable(shown)}`, '"signalbox drain list" shows what there is');
    }),
  );
  const nowMs = Date.now();
  for (const { position, drain } of ended ? document.entries : []) {
    if (drain !== undefined && drain.endsAt <= nowMs) chosen.add(position);
  }
  const removed = document.entries.filter(({ position }) => chosen.has(position));
  // From the end, so that no position moves before its turn.
  for (const { position } of removed.toReversed()) document.remove(position);
  return removed;
}

function describe({ position, drain }: PlacedDrain, { colors }: Invocation): string {
  const what = drain === undefined ? `entry ${position}, which meant nothing` : drain.text;
  const note = drain === undefined ? '' : `  until ${drain.until}, ${printable(drain.reason)}`;
  return `${colors.green('removed')} ${printable(what)}${colors.dim(note)}`;
}
