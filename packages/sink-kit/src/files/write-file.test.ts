import { chmod, lstat, mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { writeFileAtomically } from './write-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeFileAtomically', () => {
  test('creates a file that others cannot read, whatever the umask', async () => {
    const path = join(folder, 'a.cfg');
    await writeFileAtomically(path, 'global\n');
    expect(await readFile(path, 'utf8')).toBe('global\n');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    await writeFileAtomically(path, 'x', { mode: 0o666 });
    expect((await stat(path)).mode & 0o777).toBe(0o666);
  });

  test('keeps the mode of the file that it replaces, under a new inode', async () => {
    const path = join(folder, 'a.cfg');
    await writeFile(path, 'old');
    await chmod(path, 0o604);
    const before = await stat(path);
    await writeFileAtomically(path, Uint8Array.of(0, 255));
    const after = await stat(path);
    expect(after.mode & 0o777).toBe(0o604);
    expect(after.ino).not.toBe(before.ino);
    expect([...(await readFile(path))]).toEqual([0, 255]);
  });

  test('replaces the target of a symbolic link and keeps the link', async () => {
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real', 'a.cfg'), 'old');
    await symlink(join('real', 'a.cfg'), join(folder, 'link.cfg'));
    await writeFileAtomically(join(folder, 'link.cfg'), 'new');
    expect(await readFile(join(folder, 'real', 'a.cfg'), 'utf8')).toBe('new');
    expect((await lstat(join(folder, 'link.cfg'))).isSymbolicLink()).toBe(true);
  });

  test.each([
    ['a directory', async (path: string) => void (await mkdir(path))],
    ['a link to a directory', async (path: string) => symlink(tmpdir(), path)],
    ['a dangling link', async (path: string) => symlink('/nonexistent/file', path)],
  ])('refuses %s', async (_, prepare) => {
    const path = join(folder, 'target');
    await prepare(path);
    await expect(writeFileAtomically(path, 'x')).rejects.toMatchObject({ code: 'SINK_REFUSED' });
    expect(await readdir(folder)).toEqual(['target']);
  });

  test('says that the folder is missing', async () => {
    await expect(writeFileAtomically(join(folder, 'no', 'a.cfg'), 'x')).rejects.toMatchObject({
      code: 'SINK_UNREACHABLE',
    });
  });

  test.each(['writeFile', 'sync', 'chmod'] as const)(
    'leaves the old content and no other file when the disk is full at %s',
    async (step) => {
      const path = join(folder, 'a.cfg');
      await writeFile(path, 'old');
      await failOnce(step);
      await expect(writeFileAtomically(path, 'new')).rejects.toMatchObject({
        code: 'SINK_APPLY_FAILED',
        retryable: true,
        hint: expect.stringContaining('free space'),
      });
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['a.cfg']);
    },
  );

  test('leaves one whole content when two write at once', async () => {
    const path = join(folder, 'a.cfg');
    const contents = ['a', 'b', 'c'].map((letter) => letter.repeat(200_000));
    await Promise.all(contents.map((content) => writeFileAtomically(path, content)));
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['a.cfg']);
  });
});

/** Makes the next call on any file handle fail as a full disk does. */
async function failOnce(step: 'writeFile' | 'sync' | 'chmod'): Promise<void> {
  const handle = await open(folder, 'r');
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  vi.spyOn(prototype, step).mockRejectedValueOnce(error);
}
