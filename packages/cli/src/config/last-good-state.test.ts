// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LastKnownGood, LastKnownGoodStore } from '@signalbox/core';
import { expect, test } from 'vitest';
import { createFolder, fileSink, fileSource } from '../testing/workspace.ts';
import { loadConfig } from './load.ts';

const state: LastKnownGood = { syncedAt: 1, services: [] };

function configOf(source: string): string {
  return `version: 1\nsources: { files: ${source} }\nsinks: { names: { type: ./sink.js, options: { path: names } } }\n`;
}

/** The store that one source configuration left something in, as another one of the same name finds it. */
async function restoreAfterChange(before: string, after: string): Promise<LastKnownGood | undefined> {
  const folder = createFolder({ 'source.js': fileSource, 'other.js': fileSource, 'sink.js': fileSink });
  const open = async (source: string): Promise<LastKnownGoodStore> => {
    writeFileSync(join(folder, 'signalbox.yaml'), configOf(source));
    const { pipelineOptions } = await loadConfig('signalbox.yaml', {
      workingDirectory: folder,
      environment: { OLD: 'old', NEW: 'new' },
    });
    if (pipelineOptions.lastKnownGood === undefined) throw new Error('the configuration keeps no state');
    return pipelineOptions.lastKnownGood;
  };
  await (await open(before)).save('files', state);
  return (await open(after)).load('files');
}

const plain = '{ type: ./source.js, options: { path: /a, password: old } }';

test.each([
  ['nothing', plain],
  ['a password', '{ type: ./source.js, options: { path: /a, password: new } }'],
  ['the order of the keys', '{ options: { password: old, path: /a }, type: ./source.js }'],
  ['how a value is given', '{ type: ./source.js, options: { path: "${NONE:-/a}", password: "${OLD}" } }'],
  ['a setting of the pipeline', '{ type: ./source.js, required: false, options: { path: /a, password: old } }'],
])('the last good state is kept when %s changes', async (_what, after) => {
  expect(await restoreAfterChange(plain, after)).toEqual(state);
});

test.each([
  ['the upstream', '{ type: ./source.js, options: { path: /b, password: old } }'],
  ['the value of a variable in its place', '{ type: ./source.js, options: { path: "${NEW}", password: old } }'],
  ['the plugin', '{ type: ./other.js, options: { path: /a, password: old } }'],
])('the state of another upstream is not used: %s changes', async (_what, after) => {
  expect(await restoreAfterChange(plain, after)).toBeUndefined();
});
