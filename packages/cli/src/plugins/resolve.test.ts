import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPipelineError, type PluginKind } from '@signalbox/core';
import { expect, test } from 'vitest';
import { createFolder, pluginModule } from '../testing/workspace.ts';
import { listOfficialPlugins } from './installation.ts';
import { resolvePlugin } from './resolve.ts';

function fakePackage(name: string, exports: unknown, text: string): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, type: 'module', exports }),
    [`node_modules/${name}/index.js`]: text,
  };
}

async function failureOf(kind: PluginKind, type: string, folder: string): Promise<{ code: string; text: string }> {
  const error = await resolvePlugin(kind, type, join(folder, 'signalbox.yaml')).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isPipelineError(error)) throw new Error('expected an error of ours', { cause: error });
  return { code: error.code, text: `${error.message}; ${error.hint}`.replaceAll(folder, '<folder>') };
}

const source = pluginModule({ kind: 'source', type: 'own' });
const onlyDefault = { '.': { types: './index.d.ts', default: './index.js' } };

test.each([
  ['a bare word means an official package', 'own', '@signalbox/source-own', onlyDefault],
  ['npm: means a package of any name', 'npm:own-source', 'own-source', onlyDefault],
  ['a scope means a package', '@someone/own-source', '@someone/own-source', onlyDefault],
  [
    'a package with nothing but the import condition',
    'npm:import-only',
    'import-only',
    { '.': { import: './index.js' } },
  ],
  ['a package with nested conditions', 'npm:nested', 'nested', { node: { import: { default: './index.js' } } }],
])('%s', async (_title, type, name, exports) => {
  const folder = createFolder(fakePackage(name, exports, source));
  const { plugin, origin } = await resolvePlugin('source', type, join(folder, 'deep/er/signalbox.yaml'));
  expect(plugin.type).toBe('own');
  expect(origin).toBe(name);
});

test('a transform is looked for in a package of its own, then in the common one', async () => {
  const own = pluginModule({ kind: 'transform', type: 'own' });
  const folder = createFolder({
    ...fakePackage('@signalbox/transforms', { './word': './index.js' }, own),
    ...fakePackage('@signalbox/transform-other', onlyDefault, own),
  });
  const file = join(folder, 'signalbox.yaml');
  expect((await resolvePlugin('transform', 'word', file)).origin).toBe('@signalbox/transforms/word');
  expect((await resolvePlugin('transform', 'other', file)).origin).toBe('@signalbox/transform-other');
});

test('a path means a module beside the file', async () => {
  const folder = createFolder({ 'plugins/own.js': source });
  expect((await resolvePlugin('source', './plugins/own.js', join(folder, 'x.yaml'))).plugin.type).toBe('own');
  expect((await resolvePlugin('source', '../plugins/own.js', join(folder, 'sub/x.yaml'))).plugin.type).toBe('own');
});

test('a module that was edited is loaded again, one that was not stays the same', async () => {
  const folder = createFolder({ 'own.js': source });
  const resolveOwn = () => resolvePlugin('source', './own.js', join(folder, 'x.yaml'));
  const first = await resolveOwn();
  expect((await resolveOwn()).plugin).toBe(first.plugin);
  writeFileSync(join(folder, 'own.js'), pluginModule({ kind: 'source', type: 'edited' }));
  const second = await resolveOwn();
  expect(second.plugin.type).toBe('edited');
  expect(second.revision).not.toBe(first.revision);
});

test('what is not there says where it was looked for, and what there is', async () => {
  const folder = createFolder();
  const known = listOfficialPlugins().flatMap(({ kind, type }) => (kind === 'source' ? [type] : []));
  expect(known).toContain('marathon');
  expect(await failureOf('source', 'marathom', folder)).toEqual({
    code: 'PLUGIN_NOT_FOUND',
    text: `no source plugin "marathom"; did you mean "marathon"? known sources: ${known.join(', ')}; looked for @signalbox/source-marathom from <folder> and beside signalbox`,
  });
  expect(await failureOf('sink', 'npm:none-such', folder)).toEqual({
    code: 'PLUGIN_NOT_FOUND',
    text: 'no sink plugin "npm:none-such"; looked for none-such from <folder> and beside signalbox; install it there with npm',
  });
  expect((await failureOf('sink', './none.js', folder)).text).toContain('there is no file <folder>/none.js');
  expect((await failureOf('sink', 'Not A Word', folder)).text).toContain('write a bare word');
  expect((await failureOf('sink', 'npm:fs', folder)).code).toBe('PLUGIN_NOT_FOUND');
});

test.each([
  ['throws', 'throw new Error("broken inside");', 'loading "./plugin.js": broken inside'],
  [
    'exports nothing',
    'export const own = 1;',
    '"./plugin.js" exports no plugin; its default export must be what defineSource() returns',
  ],
  ['is of another kind', pluginModule({ kind: 'sink' }), '"./plugin.js" is a sink, not a source; move it to "sinks"'],
  [
    'is made for a later interface',
    pluginModule({ kind: 'source', apiVersion: 2 }),
    'made for version 2 of the plugin interface, this is version 1; use a newer signalbox',
  ],
])('a module that %s is invalid', async (_title, text, message) => {
  const failure = await failureOf('source', './plugin.js', createFolder({ 'plugin.js': text }));
  expect(failure.code).toBe('PLUGIN_INVALID');
  expect(failure.text).toContain(message);
});
