import { expect, test } from 'vitest';
import { optionsSchema } from './options.ts';
import { parseEndpoints } from './reading/parse-endpoints.ts';

test('a URL keeps its query, and not its credentials', async () => {
  const urls = ['http://a:p%40ss@one.example/sd?site=x', 'https://two.example', 'https://two.example'];
  const [one, two, ...others] = parseEndpoints({ urls, auth: { bearer: 'tok' } });
  expect(one?.url).toBe('http://one.example/sd?site=x');
  expect(await one?.authorization?.()).toBe(`Basic ${btoa('a:p@ss')}`);
  expect(two?.url).toBe('https://two.example/');
  expect(await two?.authorization?.()).toBe('Bearer tok');
  expect(others).toEqual([]);
});

test.each([
  [{ urls: [] }, 'urls'],
  [{ urls: ['ftp://a.example'] }, 'urls.0'],
  [{ urls: ['http://a.example/#x'] }, 'urls.0'],
  [{ urls: ['http://a'], auth: {} }, 'auth'],
  [{ urls: ['http://a'], auth: { bearer: 'a', bearerFile: 'b' } }, 'auth.bearerFile'],
  [{ urls: ['http://a'], auth: { bearer: 'two words' } }, 'auth.bearer'],
  [{ urls: ['http://a'], tls: { ca: 'a', caFile: 'b' } }, 'tls.ca'],
  [{ urls: ['http://a'], pollIntervalMs: 0 }, 'pollIntervalMs'],
])('%j is refused', (options, path) => {
  const { error } = optionsSchema.safeParse(options);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});
