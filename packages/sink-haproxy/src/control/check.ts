import { runCommand } from '@signalbox/sink-kit';

export interface CheckOptions {
  /** Default `haproxy`. */
  readonly program?: string;
  readonly signal: AbortSignal;
  /** Default 30000. */
  readonly timeoutMs?: number;
}

/** One message of HAProxy about a configuration. */
export interface ConfigMessage {
  readonly severity: 'alert' | 'warning';
  readonly file: string | undefined;
  /** Counted from 1. */
  readonly line: number | undefined;
  readonly text: string;
}

/** The messages in the output of `haproxy -c`; also for the `output` of a SinkError of a check, a start or a reload. */
export function parseConfigMessages(output: string): readonly ConfigMessage[] {
  const messages: ConfigMessage[] = [];
  for (const row of output.split('\n')) {
    const match = /^\[(ALERT|WARNING)\]\s*\(\d+\) : (?:config : )?(.*)$/.exec(row);
    if (match === null) continue;
    const text = match[2] ?? '';
    // "parsing [<file>:<line>] : <text>", "Binding [<file>:<line>] for ...", and for errors of a whole proxy also
    // "... (declared at <file>:<line>) ..." or "[<file>:<line>]" inside the text.
    const place =
      /\[(?<file>[^\]\s]+):(?<line>\d+)\]/.exec(text) ?? /\bat (?:<)?(?<file>\/[^\s>()]+):(?<line>\d+)/.exec(text);
    messages.push({
      severity: match[1] === 'ALERT' ? 'alert' : 'warning',
      file: place?.groups?.file,
      line: place === null ? undefined : Number(place.groups?.line),
      text: text.replace(/^parsing \[[^\]]*\] : /, ''),
    });
  }
  return messages;
}

/**
 * Runs `haproxy -c -f <path>`, and gives the warnings. A port that is in use passes here and fails in the reload.
 *
 * @throws {SinkError} SINK_CHECK_FAILED; its `output` holds the alerts, see {@link parseConfigMessages}.
 */
export async function checkConfig(configPath: string, options: CheckOptions): Promise<readonly ConfigMessage[]> {
  const { program = 'haproxy', signal, timeoutMs = 30_000 } = options;
  const { output } = await runCommand([program, '-c', '-f', configPath], {
    signal,
    timeoutMs,
    code: 'SINK_CHECK_FAILED',
    purpose: `checking "${configPath}"`,
    hint: 'see the alerts in the output; nothing was changed',
    hintWhenMissing: 'install HAProxy 2.6 or later, or set `binary`',
  });
  return parseConfigMessages(output);
}

/** Lines of a rendered file that come from one thing, e.g. a service. Counted from 1, both included. */
export interface LineRange<Owner> {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly owner: Owner;
}

export interface MessageOwners<Owner> {
  readonly byOwner: ReadonlyMap<Owner, readonly ConfigMessage[]>;
  /** Without a line, or on a line that belongs to nobody. */
  readonly others: readonly ConfigMessage[];
}

/** Says whose lines HAProxy complains about. Ranges are in ascending order and do not overlap. */
export function findMessageOwners<Owner>(
  messages: readonly ConfigMessage[],
  ranges: readonly LineRange<Owner>[],
): MessageOwners<Owner> {
  const byOwner = new Map<Owner, ConfigMessage[]>();
  const others: ConfigMessage[] = [];
  for (const message of messages) {
    const { line } = message;
    const range = line === undefined ? undefined : findRange(line, ranges);
    if (range === undefined) {
      others.push(message);
    } else {
      const known = byOwner.get(range.owner);
      if (known === undefined) byOwner.set(range.owner, [message]);
      else known.push(message);
    }
  }
  return { byOwner, others };
}

function findRange<Owner>(line: number, ranges: readonly LineRange<Owner>[]): LineRange<Owner> | undefined {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return undefined;
    if (line < range.firstLine) high = middle - 1;
    else if (line > range.lastLine) low = middle + 1;
    else return range;
  }
  return undefined;
}
