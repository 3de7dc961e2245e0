import type { HeaderEdits } from '@signalbox/core';
import { checkHeaderEdits, type HeaderWrite } from '@signalbox/sink-kit';
import * as safe from '../../render/escape.ts';
import type { FilterRule } from '../model.ts';
import type { FilterPart } from './filter.ts';

/** Removed first, then set, then added. */
export function describeHeaderEdits(stage: 'http-request' | 'http-response', edits: HeaderEdits): FilterPart {
  const checked = checkHeaderEdits(edits);
  if ('problem' in checked) return checked;
  const write =
    (keyword: string) =>
    ({ name, value }: HeaderWrite): FilterRule => ({
      action: `${stage} ${keyword} ${name} ${safe.quotedLogFormat(value)}`,
    });
  return {
    rules: [
      ...checked.remove.map((name) => ({ action: `${stage} del-header ${name}` })),
      ...checked.set.map(write('set-header')),
      ...checked.add.map(write('add-header')),
    ],
  };
}
