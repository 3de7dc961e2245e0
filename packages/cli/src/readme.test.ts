import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandTable } from './command-table.ts';
import { exitCodeMeanings } from './exit-codes.ts';
import { runCommand } from './testing/fake-host.ts';
import { createFolder } from './testing/workspace.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const tables = readme.replaceAll('`', '').replace(/ +/g, ' ');

test('the README names every command and every exit code with its meaning', () => {
  for (const { name } of commandTable) expect(tables).toContain(`\n| ${name} |`);
  for (const [code, meaning] of exitCodeMeanings) expect(tables).toContain(`\n| ${code} | ${meaning} |`);
});

test('the file in the README is valid', async () => {
  const yaml = /```yaml\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const folder = createFolder({ 'signalbox.yaml': yaml.replace('/run/secrets/marathon', './secret'), secret: 'x\n' });
  expect(await runCommand(folder, 'check')).toMatchObject({ code: 0, talk: '' });
});
