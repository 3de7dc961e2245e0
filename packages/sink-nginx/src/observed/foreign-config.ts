import { readFile } from 'node:fs/promises';
import { isOwnConfig } from '../render/config.ts';

/** A configuration that somebody else wrote, where ours is to be. */
export interface ForeignConfig {
  readonly text: string;
  /** The names of its servers, in order. */
  readonly servers: readonly string[];
}

/** Undefined when there is no file, or one of ours. */
export async function readForeignConfig(path: string): Promise<ForeignConfig | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    // Not there, or not readable: then nothing can be said of it, and writing says what is wrong.
    return undefined;
  }
  if (isOwnConfig(text)) return undefined;
  const names = text.matchAll(/^[ \t]*(?:server_name|include)[ \t]+([^;#]+);/gm);
  return { text, servers: [...new Set([...names].map(([, name]) => (name ?? '').trim()))] };
}

/** Where the configuration of somebody else is kept before it is replaced. */
export function keptConfigPath(configPath: string): string {
  return `${configPath}.before-signalbox`;
}
