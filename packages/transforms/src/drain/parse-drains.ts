import {
  ConfigError,
  compileEndpointSelector,
  type Endpoint,
  formatSelector,
  messageOf,
  type Selector,
  type Service,
} from '@signalbox/core';
import { parse } from 'yaml';
import { z } from 'zod';
import { selectorsSchema } from '../schema/selector-schema.ts';
import type { DrainEntry } from './drain-options.ts';

/** An entry, ready to use. */
export interface Drain {
  readonly matches: (endpoint: Endpoint, service: Service) => boolean;
  /** The selector on one line. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  readonly until: string;
  readonly reason: string;
  readonly force: boolean;
}

export interface DrainFileContent {
  readonly drains: readonly Drain[];
  /** Entries that mean nothing and were left out. */
  readonly problems: readonly string[];
}

/** One entry of the file. */
const drainEntrySchema: z.ZodType<DrainEntry> = z.strictObject({
  match: selectorsSchema,
  until: z.iso.datetime({
    offset: true,
    error: 'expected a time with its offset, such as 2026-01-31T18:00:00Z',
  }),
  reason: z
    .string('expected a reason')
    .regex(/^[^\p{Cc}\u2028\u2029]{1,200}$/u, 'expected one line of at most 200 characters'),
  force: z.boolean().optional(),
}) as unknown as z.ZodType<DrainEntry>;

const fileSchema = z.strictObject({ drains: z.array(z.unknown()).nullish() }).nullish();

/**
 * Reads the text of a file with drains. An entry that is wrong does not take the others with it.
 * @throws {ConfigError} `CONFIG_INVALID` when the text as a whole is not such a file.
 */
export function parseDrains(text: string, file: string): DrainFileContent {
  const content = fileSchema.safeParse(readYaml(text, file));
  if (!content.success) {
    throw new ConfigError(`${file} is no file of drains: ${describeIssues(content.error)}`, {
      code: 'CONFIG_INVALID',
      hint: 'it has one key, drains, with a list of entries',
    });
  }
  const entries = (content.data?.drains ?? []).map(readEntry);
  return {
    drains: entries.flatMap(({ drain }) => drain ?? []),
    problems: entries.flatMap(({ problem }, index) =>
      problem === undefined ? [] : [`drain ${index + 1} of ${file} is ignored: ${problem}`],
    ),
  };
}

/** What an entry means, or why it means nothing. */
export function readEntry(entry: unknown): { readonly drain?: Drain; readonly problem?: string } {
  const { success, data, error } = drainEntrySchema.safeParse(entry);
  return success ? { drain: compileEntry(data) } : { problem: describeIssues(error) };
}

function readYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const [line] = messageOf(error).split('\n');
    throw new ConfigError(`${file} is no YAML: ${line?.replace(/:$/, '')}`, { code: 'CONFIG_INVALID' });
  }
}

function compileEntry({ match, until, reason, force = false }: DrainEntry): Drain {
  return {
    matches: compileEndpointSelector({ any: [match].flat() as Selector[] }),
    text: textOf(match),
    endsAt: Date.parse(until),
    until,
    reason,
    force,
  };
}

/** One spelling for what means the same: the schema orders the keys, and a name alone is a word. */
function textOf(match: DrainEntry['match']): string {
  const [first, ...others] = [match].flat() as Selector[];
  const isName = typeof first === 'object' && Object.keys(first).length === 1 && typeof first.name === 'string';
  return others.length === 0 && isName ? formatSelector(first.name as string) : formatSelector(match);
}

function describeIssues({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
    .replace(/\s+/g, ' ');
}
