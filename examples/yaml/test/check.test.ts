import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';

const execute = promisify(execFile);
const folder = fileURLToPath(new URL('../', import.meta.url));
const signalbox = fileURLToPath(new URL('../../../packages/cli/dist/signalbox.js', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

beforeAll(() => {
  if (!existsSync(signalbox)) throw new Error(`${signalbox} is missing; build first: npm run build`);
});

async function run(...words: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, MARATHON_URL: 'http://leader.mesos:8080' };
  const { stdout } = await execute(process.execPath, [signalbox, ...words], { env });
  return stdout;
}

test('there are examples', () => {
  expect(files.length).toBeGreaterThan(5);
});

test.each(files)('signalbox check: %s', async (name) => {
  expect(await run('--config', join(folder, name), 'check')).toContain('valid');
});

test('signalbox test: the scenarios of routes.yaml', async () => {
  const out = await run('--config', join(folder, 'routes.yaml'), 'test', join(folder, 'scenarios/routes.yaml'));
  expect(out).toContain('2 scenarios, all as expected');
});

test('the source beside the file is found, and works', async () => {
  const catalog: unknown = JSON.parse(await run('--config', join(folder, 'own-source.yaml'), '--json', 'catalog'));
  expect(catalog).toEqual({
    services: [
      {
        id: 'local:hello#0',
        name: 'hello',
        protocol: 'tcp',
        port: 10_000,
        endpoints: [{ id: '1', address: '127.0.0.1', port: 8080, health: 'unknown' }],
        labels: {},
      },
    ],
  });
});

test('the list of static services is what it says', async () => {
  const pipeline = join(mkdtempSync(join(tmpdir(), 'signalbox-static-')), 'signalbox.yaml');
  onTestFinished(() => rmSync(dirname(pipeline), { recursive: true }));
  const files = JSON.stringify([join(folder, 'services/*.yaml')]);
  writeFileSync(
    pipeline,
    `version: 1\nsources: { static: { type: file, options: { files: ${files} } } }\nsinks: { edge: { type: haproxy, options: { config: /etc/haproxy/haproxy.cfg } } }\n`,
  );
  const { services } = JSON.parse(await run('--config', pipeline, '--json', 'catalog'));
  expect(services).toMatchObject([{ id: 'static:billing#0', port: 10_090, endpoints: [{}, {}, { backup: true }] }]);
});
