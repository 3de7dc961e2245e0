import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { systemCode, toFileError } from './file-error.ts';

/** 64 hex digits. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
}

/** Of texts by path. */
export function hashTexts(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const [path, text] of texts) hashes.set(path, sha256(text));
  return hashes;
}

/** The sha256 of a file's bytes, or undefined when the file does not exist. */
export async function hashFile(path: string): Promise<string | undefined> {
  try {
    return sha256(await readFile(path));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw toFileError(error, 'reading', path);
  }
}
