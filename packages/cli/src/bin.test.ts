import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createFolder } from './testing/workspace.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const manifest: { readonly bin: Readonly<Record<string, string>>; readonly files: readonly string[] } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
);
const command = join(folder, manifest.bin.signalbox ?? '');

/** A package of which only the command is there, and what was built of it as far as a test says. */
function createPackage(built?: string): string {
  const copy = createFolder({ 'package.json': '{ "type": "module" }', ...(built && { 'dist/signalbox.js': built }) });
  mkdirSync(join(copy, 'bin'));
  copyFileSync(command, join(copy, 'bin/signalbox.js'));
  return join(copy, 'bin/signalbox.js');
}

test('the command is there and executable before anything is built, because npm links it then', () => {
  accessSync(command, constants.X_OK);
  expect(command).not.toContain('/dist/');
  expect(manifest.files).toContain('bin');
});

test('without a build it says what to do', () => {
  const { status, stderr } = spawnSync(process.execPath, [createPackage()], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'error: signalbox is not built yet\n  hint: run "npm run build" in the root of the repository\n',
  });
});

test('with a build it is the program, and a module that is missing elsewhere is told as what it is', () => {
  const echo = createPackage('process.stdout.write(process.argv.slice(2).join());');
  expect(execFileSync(process.execPath, [echo, 'plan', '--json'], { encoding: 'utf8' })).toBe('plan,--json');
  const broken = spawnSync(process.execPath, [createPackage("import './missing.js';")], { encoding: 'utf8' });
  expect(broken.stderr).toContain('missing.js');
  expect(broken.stderr).not.toContain('not built');
});

test.each([
  ['run', 'still here', null],
  ['plan', '', 'SIGHUP'],
])('SIGHUP while the program is loaded: %s', (name, stdout, signal) => {
  const built = `process.kill(process.pid, 'SIGHUP');\nsetTimeout(() => process.stdout.write('still here', () => process.exit()), 300);`;
  const ended = spawnSync(process.execPath, [createPackage(built), name], { encoding: 'utf8' });
  expect(ended).toMatchObject({ stdout, signal });
});
