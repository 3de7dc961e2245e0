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

/** The messages in the output of `haproxy -c`; also for `SinkError.output` of a failed check or reload. */
export declare function parseConfigMessages(output: string): readonly ConfigMessage[];

/**
 * Runs `haproxy -c -f <path>`, and gives the warnings. A port that is in use passes here and fails in the reload.
 *
 * @throws {SinkError} SINK_CHECK_FAILED; its `output` has the alerts, its message the first.
 */
export declare function checkConfig(configPath: string, options: CheckOptions): Promise<readonly ConfigMessage[]>;

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
export declare function findMessageOwners<Owner>(
  messages: readonly ConfigMessage[],
  ranges: readonly LineRange<Owner>[],
): MessageOwners<Owner>;
