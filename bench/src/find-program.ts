import { fileURLToPath } from 'node:url';

/** A program of the bench, which lies beside the bundle that is running. */
export function findProgram(name: string): string {
  return fileURLToPath(new URL(`${name}.js`, import.meta.url));
}
