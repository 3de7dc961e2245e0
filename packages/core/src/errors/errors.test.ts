import { describe, expect, test } from 'vitest';
import { errorCodes } from './codes.ts';
import { ConfigError } from './config-error.ts';
import { isPipelineError, PipelineError } from './pipeline-error.ts';
import { SinkError } from './sink-error.ts';
import { SourceError } from './source-error.ts';
import { messageOf, wrapPluginError } from './wrap.ts';

describe('an error', () => {
  test('carries code, cause, hint and what is its own', () => {
    const cause = new Error('refused');
    const error = new SourceError('reading the apps', {
      code: 'SOURCE_UNAUTHORIZED',
      cause,
      hint: 'check auth',
      url: 'http://127.0.0.1/v2/apps',
      status: 401,
    });
    expect(error).toMatchObject({ name: 'SourceError', cause, hint: 'check auth', status: 401, retryable: false });
    expect(new SinkError('x', { code: 'SINK_CHECK_FAILED', output: 'line 3' }).output).toBe('line 3');
    expect(new ConfigError('x', { code: 'CONFIG_INVALID' }).issues).toEqual([]);
  });

  test('is worth another try unless its code or its author says no', () => {
    expect(new SourceError('x', { code: 'SOURCE_TIMEOUT' }).retryable).toBe(true);
    expect(new SourceError('x', { code: 'SOURCE_NOT_FOUND' }).retryable).toBe(false);
    expect(new SourceError('x', { code: 'SOURCE_TIMEOUT', retryable: false }).retryable).toBe(false);
  });

  test('is known by its mark, as in another copy of the package', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('signalbox.error')]: true });
    expect(isPipelineError(foreign)).toBe(true);
    expect([new Error('x'), null, undefined, 'x'].map(isPipelineError)).toEqual([false, false, false, false]);
  });

  test('has a code with one sentence or more for the documentation', () => {
    for (const [code, meaning] of Object.entries(errorCodes)) {
      expect(code).toMatch(/^(CONFIG|PLUGIN|PIPELINE|SOURCE|SINK|STATE|ADMIN)_[A-Z_]+$/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('wrapPluginError', () => {
  const plugin = { id: 'mesos', kind: 'source' };

  test('names the plugin, the first one that it came through', () => {
    const error = new SourceError('x', { code: 'SOURCE_TIMEOUT' });
    expect(wrapPluginError(error, plugin)).toBe(error);
    expect(wrapPluginError(error, { id: 'other', kind: 'sink' }).plugin).toBe(plugin);
  });

  test('keeps what is not ours as the cause', () => {
    const cause = new TypeError('x is not a function');
    const error = wrapPluginError(cause, plugin);
    expect(error).toBeInstanceOf(PipelineError);
    expect(error).toMatchObject({ code: 'PLUGIN_FAILED', cause, plugin, message: 'x is not a function' });
    expect(wrapPluginError('text', plugin).message).toBe('text');
  });
});

describe('messageOf', () => {
  test('adds the messages of causes, each once', () => {
    const cause = new Error('connect ECONNREFUSED', { cause: new Error('no route') });
    expect(messageOf(new Error('reading the apps', { cause }))).toBe(
      'reading the apps: connect ECONNREFUSED: no route',
    );
    expect(messageOf(new Error('reading: no route', { cause: new Error('no route') }))).toBe('reading: no route');
  });

  test('falls back to the name', () => {
    expect(messageOf(new RangeError(''))).toBe('RangeError');
  });

  test('tells what an AggregateError without a message is made of', () => {
    // What net.connect throws for a host with several addresses, since Node 20.
    const error = new AggregateError([
      new Error('connect ECONNREFUSED ::1:80'),
      new Error('connect ECONNREFUSED 127.0.0.1:80'),
    ]);
    expect(messageOf(error)).toBe('connect ECONNREFUSED ::1:80; connect ECONNREFUSED 127.0.0.1:80');
  });

  test('ends although errors are causes of each other', () => {
    const first = new Error('first');
    first.cause = new Error('second', { cause: first });
    expect(messageOf(first)).toBe('first: second');
  });
});
