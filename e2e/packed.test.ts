import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from '@signalbox/testkit';
import { createMarathonSimulator } from '@signalbox/testkit/marathon';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Consumer, createConsumer, root } from './packed/consumer.ts';
import { request, startProgram } from './packed/program.ts';

const typescript = join(root, 'node_modules/typescript/bin/tsc');
const folder = mkdtempSync(join(tmpdir(), 'signalbox-packed-'));
let consumer: Consumer;

beforeAll(async () => {
  consumer = await createConsumer(folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every entry point can be imported', async () => {
  // Those that register tests can be imported by a test runner only: see below.
  const importable = consumer.entryPoints.filter((name) => !/\/(contracts|hostile)$/.test(name));
  expect(importable.length).toBeGreaterThan(8);
  const script = `for (const name of ${JSON.stringify(importable)}) console.log(name, Object.keys(await import(name)).length);`;
  const lines = (await consumer.run(process.execPath, '--input-type=module', '--eval', script)).trim().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(importable);
  for (const line of lines) expect(line).not.toMatch(/ 0$/);
});

test('the contract suite runs from its package', async () => {
  mkdirSync(join(folder, 'plugin'));
  consumer.copyIn('examples/custom-source/src', 'plugin/src');
  consumer.copyIn('examples/custom-source/test', 'plugin/test');
  writeFileSync(join(folder, 'plugin/package.json'), JSON.stringify({ private: true, type: 'module' }));
  const report = await consumer.run('npx', 'vitest', 'run', '--root', 'plugin', '--reporter', 'json');
  const { numPassedTests, numFailedTests } = JSON.parse(report.slice(report.indexOf('{')));
  expect(numFailedTests).toBe(0);
  expect(numPassedTests).toBeGreaterThan(30);
});

test('the installed command runs a plugin that the file names', async () => {
  const work = join(folder, 'hosts');
  mkdirSync(work);
  symlinkSync(join(folder, 'node_modules'), join(work, 'node_modules'));
  consumer.copyIn('examples/custom-source/signalbox.yaml', 'hosts/signalbox.yaml');
  const [first, second] = [await startServer('first'), await startServer('second')];
  const port = await freePort();
  writeFileSync(join(work, 'hosts.txt'), `greeter ${port} 127.0.0.1:${first}\n`);

  const program = startProgram(work, [join(folder, 'node_modules/signalbox/dist/signalbox.js'), 'run']);
  onTestFinished(async () => void (await program.stop()));
  const answers = (body: string) =>
    waitFor(async () => (await request(port, 'greeter')) === `200 ${body}`, {
      timeoutMs: 30_000,
      description: () => `the answer "${body}"; the program said:\n${program.output}`,
    });
  await answers('first');
  writeFileSync(join(work, 'hosts.txt'), `greeter ${port} 127.0.0.1:${second}\n`);
  await answers('second');

  expect(await program.stop()).toBe(143);
  expect(await request(port, 'greeter')).toBe('ECONNREFUSED');
});

test('the TypeScript example compiles against the packed declarations, and runs', async () => {
  consumer.copyIn('examples/typescript-pipeline/src', 'pipeline');
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: false,
    rootDir: 'pipeline',
    outDir: 'pipeline/dist',
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['pipeline/*.ts'] }));
  await consumer.run(process.execPath, typescript, '--project', '.').catch((error: { readonly stdout: string }) => {
    throw new Error(error.stdout);
  });

  await using simulator = await createMarathonSimulator();
  await simulator.createApp({ id: '/shop/web', instances: 2 });
  await simulator.createApp({ id: '/other', instances: 1 });
  await simulator.settled();
  const port = await freePort();
  const config = join(folder, 'edge', 'haproxy.cfg');
  const program = startProgram(folder, ['pipeline/dist/main.js', config, String(port), ...simulator.urls]);
  onTestFinished(async () => void (await program.stop()));

  const seen = new Set<string>();
  const reaches = (tasks: readonly string[]) =>
    waitFor(
      async () => {
        seen.clear();
        for (let turn = 0; turn < 2 * tasks.length; turn += 1)
          seen.add(taskOf(await request(port, 'shop.example.com')));
        return [...seen].sort().join() === [...tasks].sort().join();
      },
      { timeoutMs: 30_000, description: () => `answers of ${tasks}, not of ${[...seen]}; it said:\n${program.output}` },
    );
  const runningTasks = () => simulator.tasks('/shop/web').filter(({ state }) => state === 'TASK_RUNNING');
  await reaches(runningTasks().map(({ id }) => id));
  expect(await request(port, 'other.example.com')).toMatch(/^404 /);

  await simulator.scale('/shop/web', 3);
  await simulator.settled();
  await reaches(runningTasks().map(({ id }) => id));
  expect(program.output).toContain('mesos: 2 services, 4 endpoints');
  expect(readFileSync(config, 'utf8')).toContain('Made by Signalbox');

  expect(await program.stop()).toBe(0);
  expect(await request(port, 'shop.example.com')).toBe('ECONNREFUSED');
});

function taskOf(answer: string): string {
  return answer.startsWith('200 ') ? (JSON.parse(answer.slice(4)) as { readonly task: string }).task : answer;
}

async function startServer(body: string): Promise<number> {
  const server: Server = createServer((_request, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
