import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generatePages } from '../apps/docs/scripts/pages.ts';

const docs = new URL('../apps/docs/', import.meta.url);

test('what programs write into the pages of the documentation is that of the code', async () => {
  const pages = await generatePages();
  expect(pages.size).toBeGreaterThan(8);
  for (const [path, text] of pages) {
    const committed = await readFile(new URL(path, docs), 'utf8');
    expect(committed, `${path} is out of date, run: npm run docs:generate -w apps/docs`).toBe(text);
  }
});
