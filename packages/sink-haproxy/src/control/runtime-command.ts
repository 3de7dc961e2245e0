import { SinkError } from '@signalbox/core';

/**
 * A command with lines of payload (`add map <file> <<`); `command` ends in `<<`. Lines are never empty: an empty one
 * would end the payload.
 */
export interface PayloadCommand {
  readonly command: string;
  readonly payload: readonly string[];
}

/**
 * A command with an answer of megabytes, which is handed on piece by piece as it comes, line ends and all, so that it is read while HAProxy writes
 * it. The reply itself is `''` then. `onPiece` must not throw.
 */
export interface StreamedCommand {
  readonly command: string;
  readonly onPiece: (piece: string) => void;
}

export type RuntimeCommand = string | PayloadCommand | StreamedCommand;

/** HAProxy drops a line or payload beyond `tune.bufsize` (16 KiB by default) whole, and without a word. */
export const maxCommandBytes = 12_288;

/** What nearly all commands are: printable ASCII without `;` and `<`, in which there is nothing left to refuse but its length. */
const plainCommand = /^[!-:=-~][ -:=-~]*$/;

/**
 * The last guard before the socket: one command on one line. Refuses control characters and `;`, which separate
 * commands, and text that is too long.
 *
 * @throws {SinkError} SINK_APPLY_FAILED, not retryable.
 */
export function assertCommandText(command: string): void {
  if (plainCommand.test(command) && command.length <= maxCommandBytes) return;
  if (command.trim() === '') throw refuseCommand('it is empty');
  if (/\p{Cc}/u.test(command)) throw refuseCommand('it has a control character');
  if (command.includes(';')) throw refuseCommand('it has a ";", which would start another command');
  if (command.trimEnd().endsWith('<<')) throw refuseCommand('it announces a payload that is not there');
  if (Buffer.byteLength(command) > maxCommandBytes) throw refuseCommand(`it is longer than ${maxCommandBytes} bytes`);
}

/** The bytes for the socket, with the closing line ends. @throws {SinkError} SINK_APPLY_FAILED, not retryable. */
export function encodeCommand(command: RuntimeCommand): string {
  if (typeof command === 'string' || 'onPiece' in command) {
    const text = typeof command === 'string' ? command : command.command;
    assertCommandText(text);
    return `${text}\n`;
  }
  if (!command.command.endsWith(' <<')) throw refuseCommand('it has a payload, but does not end in " <<"');
  assertCommandText(command.command.slice(0, -3));
  for (const line of command.payload) {
    if (line === '') throw refuseCommand('its payload has an empty line, which would end it');
    if (/(?!\t)\p{Cc}/u.test(line)) throw refuseCommand('its payload has a control character');
  }
  const text = `${[command.command, ...command.payload].join('\n')}\n\n`;
  if (Buffer.byteLength(text) > maxCommandBytes) throw refuseCommand(`it is longer than ${maxCommandBytes} bytes`);
  return text;
}

/** Never quotes the command: it may be hostile, or hold a key. */
function refuseCommand(reason: string): SinkError {
  return new SinkError(`sending a command to HAProxy: ${reason}`, {
    code: 'SINK_APPLY_FAILED',
    retryable: false,
    hint: 'this is a fault of the sink: it must validate names before it builds commands; please report it',
  });
}
