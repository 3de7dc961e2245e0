import { SinkError } from '@signalbox/core';
import { maxCommandBytes, type PayloadCommand } from './runtime-command.ts';
import type { RuntimeConnection } from './runtime-connection.ts';

export interface MapEntry {
  /** Of letters, digits and `. _ : / * ~ % @ ! & + , = -`. */
  readonly key: string;
  /** Of the same characters: a generated name, a number. */
  readonly value: string;
}

/** Parses `show map <file>`, in the order of the map. @throws {SinkError} SINK_APPLY_FAILED when it is no such answer. */
export function parseMap(text: string): readonly MapEntry[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const match = /^0x[0-9a-f]+ (\S+) ?(.*)$/.exec(line);
    if (match === null) throw createMapError('reading a map', line);
    return { key: match[1] ?? '', value: match[2] ?? '' };
  });
}

/** Answered by what {@link parseMap} takes. */
export function showMapCommand(file: string): string {
  return `show map ${toWord(file)}`;
}

/** @throws {SinkError} SINK_APPLY_FAILED when the running configuration does not reference the file. */
export async function readMap(connection: RuntimeConnection, file: string): Promise<readonly MapEntry[]> {
  const [reply = ''] = await connection.send([showMapCommand(file)]);
  return parseMap(reply);
}

/** Answers `''`, or `entry not found.` */
export function setMapCommand(file: string, key: string, value: string): string {
  return `set map ${toWord(file)} ${toWord(key)} ${toWord(value)}`;
}

/** An existing key gets a second entry, and the first wins: use {@link setMapCommand} for those. */
export function addMapCommand(file: string, key: string, value: string): string {
  return `add map ${toWord(file)} ${toWord(key)} ${toWord(value)}`;
}

/** Removes all entries of the key up to 3.2, and one on 3.4: read back after. Answers `''`, or `Key not found.` */
export function deleteMapCommand(file: string, key: string): string {
  return `del map ${toWord(file)} ${toWord(key)}`;
}

/** Commands that add entries, cut into payloads that HAProxy takes whole. `version` comes from `prepare map`. */
export function addMapEntriesCommands(
  file: string,
  entries: readonly MapEntry[],
  version?: number,
): readonly PayloadCommand[] {
  const command = `add map ${version === undefined ? '' : `@${version} `}${toWord(file)} <<`;
  const commands: PayloadCommand[] = [];
  let payload: string[] = [];
  let bytes = 0;
  for (const { key, value } of entries) {
    const line = `${toWord(key)} ${toWord(value)}`;
    if (bytes + line.length + 1 > maxCommandBytes - command.length - 2) {
      commands.push({ command, payload });
      payload = [];
      bytes = 0;
    }
    payload.push(line);
    bytes += line.length + 1;
  }
  if (payload.length > 0) commands.push({ command, payload });
  return commands;
}

/**
 * Replaces all entries in one step (`prepare map`, `add map @version`, `commit map`); a failure before the commit changes nothing.
 *
 * @throws {SinkError} SINK_APPLY_FAILED
 */
export async function replaceMap(
  connection: RuntimeConnection,
  file: string,
  entries: readonly MapEntry[],
): Promise<void> {
  const [prepared = ''] = await connection.send([`prepare map ${toWord(file)}`]);
  const version = /^New version created: (\d+)$/.exec(prepared)?.[1];
  if (version === undefined) throw createMapError(`replacing the map "${file}"`, prepared);
  const replies = await connection.send(addMapEntriesCommands(file, entries, Number(version)));
  const refusal = replies.find((reply) => reply !== '');
  if (refusal !== undefined) {
    await connection.send([`clear map @${version} ${file}`]);
    throw createMapError(`replacing the map "${file}"`, refusal);
  }
  const [committed = ''] = await connection.send([`commit map @${version} ${file}`]);
  if (committed !== '') throw createMapError(`replacing the map "${file}"`, committed);
}

/** Answered by what {@link parseMapValue} takes. */
export function getMapCommand(file: string, key: string): string {
  return `get map ${toWord(file)} ${toWord(key)}`;
}

/**
 * The value of exactly this key in the answer to `get map`, or undefined. HAProxy looks up as the configuration does, so a map of prefixes
 * answers with a shorter key when this one is missing; and it answers with one line for each match method that the map is used with.
 *
 * @throws {SinkError} SINK_APPLY_FAILED when the running configuration does not reference the file.
 */
export function parseMapValue(text: string, key: string): string | undefined {
  if (!/\bfound=(yes|no)\b/.test(text)) throw createMapError('reading a key of a map', text);
  for (const [, found, value] of text.matchAll(/\bfound=yes\b.*?\bkey="([^"]*)", value="([^"]*)"/g)) {
    if (found === key) return value;
  }
  return undefined;
}

/**
 * The value of one key, or undefined, see {@link parseMapValue}.
 *
 * @throws {SinkError} SINK_APPLY_FAILED when the running configuration does not reference the file.
 */
export async function readMapValue(
  connection: RuntimeConnection,
  file: string,
  key: string,
): Promise<string | undefined> {
  const [reply = ''] = await connection.send([getMapCommand(file, key)]);
  return parseMapValue(reply, key);
}

/**
 * HAProxy's command line has no quotes, `\` escapes and a leading `#` means an internal number, so only these characters
 * pass unchanged. @throws {SinkError} SINK_APPLY_FAILED, not retryable.
 */
function toWord(text: string): string {
  if (/^[A-Za-z0-9._:/*~%@!&+,=?-]+$/.test(text)) return text;
  throw new SinkError(
    'building a map command: a file, key or value has a character that HAProxy would not take as it is',
    {
      code: 'SINK_APPLY_FAILED',
      retryable: false,
      hint: 'keep spaces and special characters out of the paths of the configuration; other names are validated by the sink',
    },
  );
}

function createMapError(purpose: string, reply: string): SinkError {
  const unknown = reply.startsWith('Unknown map identifier');
  return new SinkError(`${purpose}: HAProxy answers "${reply.slice(0, 200)}"`, {
    code: 'SINK_APPLY_FAILED',
    ...(unknown && {
      hint: 'a map exists only when the running configuration references its file; a reload is needed',
    }),
  });
}
