import { writeFile } from 'node:fs/promises';
import { generatePages } from './pages.ts';

const pages = await generatePages();
for (const [path, text] of pages) await writeFile(new URL(`../${path}`, import.meta.url), text);
console.log(`${pages.size} pages`);
