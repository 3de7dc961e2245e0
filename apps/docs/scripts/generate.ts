import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { generatePages } from './pages.ts';

const folder = fileURLToPath(new URL('../generated/', import.meta.url));
const pages = await generatePages();

await mkdir(folder, { recursive: true });
for (const name of await readdir(folder)) if (!pages.has(name)) await rm(`${folder}${name}`);
for (const [name, text] of pages) await writeFile(`${folder}${name}`, text);
console.log(`${pages.size} files in ${folder}`);
