import { readFileSync } from 'node:fs';
import { parseAxfr } from '../records/parse-axfr.ts';
import { parseEnumerate, type TaskIdentity } from '../records/parse-enumerate.ts';
import type { RecordTable } from '../records/record-table.ts';

export function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
}

/** The body of a recorded answer. */
export function readAnswerBody(name: string): unknown {
  return (readFixture(name) as { readonly response: { readonly json: unknown } }).response.json;
}

export function recordedTransfer(variant = 'default'): RecordTable {
  return parseAxfr(readAnswerBody(`${variant}-axfr`)).table;
}

export function recordedTasks(): ReadonlyMap<string, TaskIdentity> {
  return parseEnumerate(readAnswerBody('default-enumerate'), 'mesos').tasks;
}
