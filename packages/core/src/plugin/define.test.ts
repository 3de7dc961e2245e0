import { describe, expect, test } from 'vitest';
import { ConfigError } from '../errors/config-error.ts';
import { apiVersion, defineSink, defineSource, defineTransform } from './define.ts';
import { silentLogger } from './logger.ts';
import type { OptionsSchema, SchemaResult } from './schema.ts';

interface Options {
  readonly size?: number;
}

function schemaOf(
  validate: (value: unknown) => SchemaResult<Options> | Promise<SchemaResult<Options>>,
): OptionsSchema<Options> {
  return { '~standard': { version: 1, vendor: 'test', validate, jsonSchema: { input: () => ({ type: 'object' }) } } };
}

const passing = schemaOf((value) => ({ value: { size: 1, ...(value as Options) } }));

function catchError(body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    return error;
  }
}

describe('a defined plugin', () => {
  test('is its own factory, with its description attached', () => {
    const seen: Options[] = [];
    const plugin = defineTransform<Options, Options>({
      type: 'test',
      description: 'A test.',
      options: passing,
      create(options) {
        seen.push(options);
        return { transform: (services) => services };
      },
    });
    expect({ ...plugin }).toMatchObject({ kind: 'transform', type: 'test', description: 'A test.', apiVersion });
    expect(seen).toEqual([]);
    expect([...plugin({}).transform([])]).toEqual([]);
    expect(seen).toEqual([{ size: 1 }]);
  });

  test('has the kind of its definition', () => {
    const watch = async function* () {};
    const plan = async () => ({ changes: [], warnings: [], apply: async () => {} });
    const parts = { type: 'test', description: 'A test.', options: passing };
    expect(defineSource<Options, Options>({ ...parts, create: () => ({ watch }) }).kind).toBe('source');
    expect(defineSink<Options, Options>({ ...parts, create: () => ({ plan }) }).kind).toBe('sink');
  });

  test('reports every issue with its path', () => {
    const options = schemaOf(() => ({
      issues: [{ message: 'too big', path: ['a', { key: 0 }, Symbol('b')] }, { message: 'one of two is needed' }],
    }));
    const plugin = defineSink<Options, Options>({
      type: 'test',
      description: 'x',
      options,
      create: () => expect.fail(),
    });
    const error = catchError(() => plugin({}));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'the options of sink "test" are invalid: a.0.Symbol(b): too big; one of two is needed',
      issues: [
        { path: ['a', 0, 'Symbol(b)'], message: 'too big' },
        { path: [], message: 'one of two is needed' },
      ],
    });
  });

  test('refuses a schema that validates later', () => {
    const options = schemaOf(async () => ({ value: {} }));
    const plugin = defineSink<Options, Options>({
      type: 'test',
      description: 'x',
      options,
      create: () => expect.fail(),
    });
    expect(catchError(() => plugin({}))).toMatchObject({ code: 'PLUGIN_INVALID' });
  });
});

test('the silent logger says nothing, and neither do its children', () => {
  const child = silentLogger.child({ plugin: 'x' });
  expect([child.debug({}, 'a'), child.info({}, 'a'), child.warn({}, 'a'), child.error({}, 'a')]).toEqual(
    Array(4).fill(undefined),
  );
});
