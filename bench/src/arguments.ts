import { parseArgs } from 'node:util';

export interface Arguments {
  /** Ids of the measurements to make; absent: all. */
  readonly only?: readonly string[];
  readonly full: boolean;
  readonly json: boolean;
  readonly strict: boolean;
  readonly help: boolean;
  /** Commands that are measured beside Signalbox. */
  readonly beside: readonly string[];
}

export const usage = `npm run bench -- [options]

  --only <ids>        only these measurements, with commas between them
  --full              larger clusters and longer runs: about fifteen minutes instead of three
  --beside <command>  measure another program as well, where a whole program can take part; may be repeated
  --json              the rows as JSON
  --strict            exit 1 when a limit is missed
`;

/** @throws {TypeError} for an unknown option. */
export function readArguments(values: readonly string[]): Arguments {
  const { values: options } = parseArgs({
    args: [...values],
    options: {
      only: { type: 'string' },
      full: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      beside: { type: 'string', multiple: true, default: [] },
    },
  });
  const { only, ...rest } = options;
  return { ...rest, ...(only === undefined ? {} : { only: only.split(',').map((id) => id.trim()) }) };
}
