import assert from 'node:assert/strict';
import { apiVersion, isPipelineError } from '@signalbox/core';
import type { Contract } from '../contract.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { expectNothingLeftOpen } from '../support/resources.ts';
import { listSchemaProblems } from './json-schema.ts';
import type { PluginSubject } from './plugin-harness.ts';

const unknownKey = 'keyThatNoPluginHas';

/** What every plugin is held to, whatever its kind. */
export const pluginCases = {
  'is the default export of its entry': async ({ plugin, load }) => {
    assert.equal((await load()).default, plugin, 'the default export is not the plugin of the harness');
  },

  'opens nothing when it is imported': async ({ loadAgain }) => {
    await expectNothingLeftOpen('the import', async () => {
      await loadAgain();
    });
  },

  'opens nothing when it is created': ({ plugin, withOptions }) =>
    withOptions(async (options) => {
      await expectNothingLeftOpen('the plugin was created', async () => {
        plugin(options);
      });
    }),

  'describes itself': async ({ kind, plugin, packageType }) => {
    assert.equal(plugin.kind, kind, `the plugin is a ${plugin.kind}, not a ${kind}`);
    assert.equal(
      plugin.apiVersion,
      apiVersion,
      `the plugin is made for version ${plugin.apiVersion} of the interfaces`,
    );
    assert.match(plugin.type, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a type is lower-case words with hyphens');
    assert.equal(plugin.type, packageType, 'the type is not the one that the package promises');
    assert(
      plugin.description.trim() !== '' && !plugin.description.includes('\n'),
      'the description is not one sentence',
    );
  },

  'describes its options': async ({ plugin }) => {
    const schema = plugin.options['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
    assert.deepEqual(listSchemaProblems(schema), []);
  },

  'rejects an unknown option': ({ plugin, withOptions }) =>
    withOptions(async (options) => {
      const error = catchError(() => plugin({ ...options, [unknownKey]: true }));
      assert(error !== undefined, 'an unknown option was accepted');
      assert(isPipelineError(error) && error.code === 'CONFIG_INVALID', `the error is no CONFIG_INVALID: ${error}`);
      assert(JSON.stringify(error).includes(unknownKey) || error.message.includes(unknownKey), 'the key is not named');
    }),

  'accepts frozen options': ({ plugin, withOptions }) =>
    withOptions(async (options) => {
      plugin(deepFreeze(options));
    }),
} satisfies Contract<PluginSubject>;

export type PluginTest = keyof typeof pluginCases;

function catchError(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error ?? new Error('something empty was thrown');
  }
  return undefined;
}
