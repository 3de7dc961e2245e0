import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** As a careful program would: in one step. */
export async function putFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
