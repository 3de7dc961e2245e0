import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readAuthorization } from './authorization.ts';
import { withoutCredentials } from './header-values.ts';

test('basic and bearer credentials, and neither is quoted', async () => {
  const basic = await readAuthorization({ basic: { username: 'a', password: 'b:c' } })();
  expect(basic).toBe(`Basic ${btoa('a:b:c')}`);
  const bearer = await readAuthorization({ bearer: 'tok' })();
  expect(bearer).toBe('Bearer tok');
  expect(withoutCredentials('refused Bearer tok', bearer)).toBe('refused Bearer ***');
});

test('a file is read anew for every request', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-authorization-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bearerFile = join(folder, 'token');
  await writeFile(bearerFile, 'one\n');
  const authorization = readAuthorization({ bearerFile });
  expect(await authorization()).toBe('Bearer one');
  await writeFile(bearerFile, 'two\n');
  expect(await authorization()).toBe('Bearer two');
});
