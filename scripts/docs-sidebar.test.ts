import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import config from '../apps/docs/.vitepress/config.ts';

const docs = new URL('../apps/docs/', import.meta.url);

interface Entry {
  readonly link?: string;
  readonly items?: readonly Entry[];
}

function linksOf(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ link = [], items = [] }) => [link, linksOf(items)].flat());
}

test('every page can be reached from the sidebar, except decisions, which their own page lists', () => {
  const folders = ['guide', 'plugins', 'reference', 'extending'];
  const pages = folders.flatMap((folder) =>
    readdirSync(new URL(folder, docs)).map((file) => `/${folder}/${file.replace(/(index)?\.md$/, '')}`),
  );
  const listed = linksOf(config.themeConfig?.sidebar as readonly Entry[]).filter((link) => link !== '/decisions/');
  expect(listed.toSorted()).toEqual(pages.toSorted());
});
