import { formatAddress, type Service } from '@signalbox/core';
import { suggest } from '../config/suggest.ts';
import type { Path } from '../config/tree.ts';
import { count } from '../output/text.ts';
import { compareData, diffLines, type Mismatch } from './compare-data.ts';
import { compareText } from './compare-text.ts';
import type { Expectation, ServicesExpectation, TextExpectation } from './scenario-file.ts';
import type { PartialEndpoint, PartialService } from './service-schema.ts';

/** What came out of a pipeline. */
export interface Outcome {
  readonly services: ReadonlyMap<string, Service>;
  /** What each sink that a scenario asks for gets and would write; nothing for a sink that does not exist. */
  readonly sinks: Readonly<Record<string, SinkOutcome>>;
  readonly sinkIds: readonly string[];
  /** With their places. */
  readonly warnings: readonly string[];
}

export interface SinkOutcome {
  readonly services: ReadonlyMap<string, Service>;
  /** `undefined` for a sink that writes no files. */
  readonly files: ReadonlyMap<string, string> | undefined;
}

/** Everything that is not as expected. `path` is that of the expectation in the file. */
export function judgeScenario(expected: Expectation, outcome: Outcome, path: Path): readonly Mismatch[] {
  const mismatches = [...compareServices(expected, outcome.services, path)];
  for (const [id, wanted] of Object.entries(expected.sinks ?? {})) {
    const place = [...path, 'sinks', id];
    const sink = outcome.sinks[id];
    if (sink === undefined) {
      mismatches.push({ path: place, message: `there is no sink "${id}"; ${advise(id, outcome.sinkIds, 'sinks')}` });
      continue;
    }
    mismatches.push(...compareServices(wanted, sink.services, place));
    for (const [name, text] of Object.entries(wanted.files ?? {})) {
      mismatches.push(...compareFile(name, text, sink, [...place, 'files', name]));
    }
  }
  return [...mismatches, ...compareWarnings(expected.warnings, outcome.warnings, [...path, 'warnings'])];
}

function compareServices(
  { services: expected = {}, complete = false }: ServicesExpectation,
  actual: ReadonlyMap<string, Service>,
  path: Path,
): readonly Mismatch[] {
  const mismatches = Object.entries(expected).flatMap(([id, wanted]) =>
    compareService(id, wanted, actual, [...path, 'services', id]),
  );
  const others = complete ? [...actual.keys()].filter((id) => !Object.hasOwn(expected, id)) : [];
  if (others.length === 0) return mismatches;
  const message = `there ${others.length === 1 ? 'is another service' : `are ${others.length} other services`}`;
  return [...mismatches, { path: [...path, 'complete'], message, diff: others.map((id) => `+ ${id}`) }];
}

function compareService(
  id: string,
  wanted: PartialService | null,
  actual: ReadonlyMap<string, Service>,
  path: Path,
): readonly Mismatch[] {
  const service = actual.get(id);
  if (wanted === null) return service === undefined ? [] : [{ path, message: 'is there' }];
  if (service === undefined) {
    return [{ path, message: `is not there; ${advise(id, [...actual.keys()], 'services')}` }];
  }
  const { endpoints, ...rest } = wanted;
  return [
    ...compareData(rest, service, path),
    ...(endpoints === undefined ? [] : compareEndpoints(endpoints, service, [...path, 'endpoints'])),
  ];
}

function compareEndpoints(
  expected: readonly (string | PartialEndpoint)[],
  { endpoints }: Service,
  path: Path,
): readonly Mismatch[] {
  const addresses = endpoints.map(({ address, port }) => formatAddress(address, port));
  if (expected.length !== endpoints.length) {
    const wanted = expected.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    const message = `expected ${count(expected.length, 'endpoint')}, there are ${endpoints.length}`;
    return [{ path, message, diff: diffLines(wanted, addresses) }];
  }
  return expected.flatMap((each, index) =>
    compareData(each, typeof each === 'string' ? addresses[index] : endpoints[index], [...path, index]),
  );
}

function compareFile(name: string, expected: TextExpectation, { files }: SinkOutcome, path: Path): readonly Mismatch[] {
  if (files === undefined) return [{ path, message: 'this sink writes no files' }];
  const found = [...files].filter(([file]) => file === name || file.endsWith(`/${name}`));
  const [only] = found;
  if (only === undefined) {
    return [{ path, message: `there is no such file; ${advise(name, [...files.keys()], 'files')}` }];
  }
  if (found.length > 1) {
    return [{ path, message: `several files have this name: ${found.map(([file]) => file).join(', ')}` }];
  }
  return compareText(name, only[1], expected, path);
}

function compareWarnings(
  expected: readonly string[] | undefined,
  actual: readonly string[],
  path: Path,
): readonly Mismatch[] {
  if (expected === undefined) return [];
  const missing = expected.flatMap((part, index) =>
    actual.some((warning) => warning.includes(part))
      ? []
      : [{ path: [...path, index], message: 'is not warned of', diff: diffLines([part], actual) }],
  );
  const others = actual.filter((warning) => !expected.some((part) => warning.includes(part)));
  // A warning that was meant to be an expected one stands in the diff of that one already.
  if (others.length === 0 || missing.length > 0) return missing;
  return [{ path, message: 'there are other warnings', diff: others.map((warning) => `+ ${warning}`) }];
}

function advise(word: string, known: readonly string[], plural: string): string {
  const meant = suggest(word, known);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  if (known.length === 0) return `there are no ${plural}`;
  const shown = known.slice(0, 10).join(', ');
  return `there ${known.length === 1 ? 'is' : 'are'} ${shown}${known.length > 10 ? ` and ${known.length - 10} more` : ''}`;
}
