import type { RuntimeCommand } from './runtime-command.ts';
import type { RuntimeConnection } from './runtime-connection.ts';

export interface MapEntry {
  readonly key: string;
  readonly value: string;
}

/** Parses `show map <file>`, in the order of the map. */
export declare function parseMap(text: string): readonly MapEntry[];
/** @throws {SinkError} SINK_APPLY_FAILED when the running configuration does not reference the file. */
export declare function readMap(connection: RuntimeConnection, file: string): Promise<readonly MapEntry[]>;

export declare function setMapCommand(file: string, key: string, value: string): string;
/** An existing key gets a second entry, and the first wins: use {@link setMapCommand} for those. */
export declare function addMapCommand(file: string, key: string, value: string): string;
/** Removes all entries of the key up to 3.2 and one on 3.4: read back after. */
export declare function deleteMapCommand(file: string, key: string): string;
/** Commands that add entries, cut into payloads that HAProxy takes whole. `version` comes from `prepare map`. */
export declare function addMapEntriesCommands(
  file: string,
  entries: readonly MapEntry[],
  version?: number,
): readonly RuntimeCommand[];

/**
 * Replaces all entries in one step (`prepare map`, `add map @version`, `commit map`); a failure before the commit changes nothing.
 *
 * @throws {SinkError} SINK_APPLY_FAILED
 */
export declare function replaceMap(
  connection: RuntimeConnection,
  file: string,
  entries: readonly MapEntry[],
): Promise<void>;
/** The value of one key by `get map`, or undefined. The map must be a `str` map, as the meta map is. */
export declare function readMapValue(
  connection: RuntimeConnection,
  file: string,
  key: string,
): Promise<string | undefined>;
