import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SinkError } from '@signalbox/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createFileFollower } from '../files/file-follower.ts';
import { findFilesReason, type KnownTarget, lookAtProcess } from './look-for-changes.ts';

describe('lookAtProcess', () => {
  const isSame = (left: string, right: string): boolean => left === right;
  const { signal } = new AbortController();
  const known = { mark: 'ours' };

  it('tells its own process from another one, and from none', async () => {
    const silence = new SinkError('no answer', { code: 'SINK_UNREACHABLE' });
    const answers: [read: () => Promise<string>, sighting: string | undefined][] = [
      [async () => 'ours', undefined],
      [async () => 'other', 'changed'],
      [() => Promise.reject(silence), 'silent'],
      [() => Promise.reject(new TypeError('a mistake of ours')), undefined],
    ];
    for (const [read, sighting] of answers)
      expect(await lookAtProcess({ known }, { read, isSame }, signal)).toBe(sighting);
  });

  it('says nothing before the first plan, and nothing of what an apply outdated', async () => {
    const never = { read: () => Promise.reject(new Error('was asked')), isSame };
    expect(await lookAtProcess({ known: undefined }, never, signal)).toBeUndefined();
    const target: { known: KnownTarget<string>['known'] } = { known };
    const read = async (): Promise<string> => {
      target.known = undefined;
      return 'other';
    };
    expect(await lookAtProcess(target, { read, isSame }, signal)).toBeUndefined();
    target.known = known;
    const fail = async (): Promise<string> => {
      target.known = { mark: 'ours' };
      throw new SinkError('no answer', { code: 'SINK_UNREACHABLE' });
    };
    expect(await lookAtProcess(target, { read: fail, isSame }, signal)).toBeUndefined();
  });

  it('ends with the abort', async () => {
    const reason = new Error('enough');
    const read = () => Promise.reject(new SinkError('no answer', { code: 'SINK_UNREACHABLE' }));
    await expect(lookAtProcess({ known }, { read, isSame }, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('findFilesReason', () => {
  let directory: string;
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('names what others changed, and what could not be written', async () => {
    directory = await mkdtemp(join(tmpdir(), 'watch-'));
    const path = join(directory, 'proxy.conf');
    let failure: Error | undefined;
    const follower = createFileFollower({
      guardedPath: path,
      async write(files) {
        if (failure !== undefined) throw failure;
        for (const [name, text] of files) await writeFile(name, text);
      },
    });
    const target = { follower, known: {} };
    const files = () => new Map([[path, 'ours']]);
    follower.follow(files);
    expect(await findFilesReason(target, new Map())).toBeUndefined();
    await follower.flush();
    expect(await findFilesReason(target, new Map())).toBeUndefined();
    await writeFile(path, 'theirs');
    expect(await findFilesReason(target, new Map())).toBe(`${path} was changed by others`);
    expect(await findFilesReason({ follower, known: undefined }, new Map())).toBeUndefined();
    failure = new Error('disk full');
    follower.follow(files);
    await expect(follower.flush(true)).rejects.toBe(failure);
    expect(await findFilesReason({ follower, known: undefined }, new Map())).toBe('files could not be written');
  });
});
