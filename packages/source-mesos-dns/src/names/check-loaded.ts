import { SourceError } from '@signalbox/core';
import { addressesOf, type RecordTable } from '../records/record-table.ts';

/**
 * A Mesos-DNS that has read a master has an address for `leader.mesos`, also when nothing runs. Without it an empty table
 * says nothing at all: it was just started, or the domain is another one.
 *
 * @throws {SourceError} `SOURCE_BAD_RESPONSE`
 */
export function checkLoaded(table: RecordTable, url: string): void {
  if (addressesOf(table, 'leader').length > 0) return;
  throw new SourceError(
    `reading ${url}: it has no address for leader.${table.domain}, so it has not read a Mesos master yet`,
    {
      code: 'SOURCE_BAD_RESPONSE',
      url,
      hint: 'check the log of Mesos-DNS, and whether its domain is that of the option "domain"; it is not taken for "no tasks"',
    },
  );
}
