import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generatePages } from '../apps/docs/scripts/pages.ts';

const folder = new URL('../apps/docs/generated/', import.meta.url);

test('the generated parts of the documentation are those of the code', async () => {
  const pages = await generatePages();
  expect((await readdir(folder)).sort(), 'run: npm run docs:generate -w apps/docs').toEqual([...pages.keys()].sort());
  for (const [name, text] of pages) {
    const committed = await readFile(new URL(name, folder), 'utf8');
    expect(committed, `${name} is out of date, run: npm run docs:generate -w apps/docs`).toBe(text);
  }
});
