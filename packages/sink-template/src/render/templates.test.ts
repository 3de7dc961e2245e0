import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { service } from '@signalbox/testkit';
import { expect, onTestFinished, test } from 'vitest';
import type { FileSettings } from '../settings.ts';
import { createTemplates } from './templates.ts';

const shop = service('/shop');
const cart = service('/cart');

function createStage(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-templates-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const source = join(folder, 'names.liquid');
  const write = (name: string, content: string): void => writeFileSync(join(folder, name), content);
  write('names.liquid', text);
  const file = { path: join(folder, 'names.txt'), source: { kind: 'path', path: source }, escape: 'line' };
  return { templates: createTemplates([file as unknown as FileSettings]), write };
}

test('the same services give the same contents, and are rendered once', async () => {
  const { templates } = createStage('{% for service in services %}{{ service.name }} {% endfor %}');
  await templates.refresh();
  const first = templates.render([shop, cart]);
  expect(first).toEqual(['/cart /shop ']);
  expect(templates.render([shop, cart])).toBe(first);
  await templates.refresh();
  expect(templates.render([shop, cart])).toBe(first);
});

test('one that changed, went or came makes them anew', async () => {
  const { templates } = createStage('{% for service in services %}{{ service.port }} {% endfor %}');
  await templates.refresh();
  const withPort = (port: number) => ({ ...shop, port });
  expect(templates.render([withPort(1)])).toEqual(['1 ']);
  expect(templates.render([withPort(2)])).toEqual(['2 ']);
  expect(templates.render([withPort(2), { ...cart, port: 3 }])).toEqual(['3 2 ']);
  expect(templates.render([])).toEqual(['']);
});

test('so does a template that changed, and a partial of it', async () => {
  const { templates, write } = createStage('{{ services.size }}');
  await templates.refresh();
  const services = [shop];
  expect(templates.render(services)).toEqual(['1']);
  write('names.liquid', 'now {% render "part" %}');
  write('part.liquid', 'one');
  await templates.refresh();
  expect(templates.render(services)).toEqual(['now one']);
  write('part.liquid', 'two');
  await templates.refresh();
  expect(templates.render(services)).toEqual(['now two']);
});
