import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { systemCode, toFileError } from './file-error.ts';

/** 64 hex digits. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
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
