/** A command with lines of payload (`add map <file> <<`); `command` ends in `<<`. Lines are never empty: an empty one would end the payload. */
export interface PayloadCommand {
  readonly command: string;
  readonly payload: readonly string[];
}

export type RuntimeCommand = string | PayloadCommand;

/**
 * The last guard before the socket: one command on one line. Refuses control characters and `;`, which separate commands, and text that is too long.
 *
 * @throws {SinkError} SINK_APPLY_FAILED, not retryable.
 */
export declare function assertCommandText(command: string): void;
