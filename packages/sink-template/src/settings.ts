import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from '@signalbox/core';
import type { ResolvedTemplateOptions } from './options.ts';
import type { Escape } from './render/engine.ts';

export interface FileSettings {
  /** Absolute. */
  readonly path: string;
  readonly source: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'text'; readonly text: string };
  readonly escape: Escape;
  readonly check: readonly string[] | undefined;
  readonly checkTimeoutMs: number;
  readonly mode: number | undefined;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

export interface Settings {
  readonly files: readonly FileSettings[];
  readonly reload:
    | { readonly command: readonly string[]; readonly timeoutMs: number; readonly minIntervalMs: number }
    | undefined;
  readonly runDirectory: string;
}

/** @throws {ConfigError} for a user or a group that there is not. */
export function toSettings({ files, reload, runDirectory }: ResolvedTemplateOptions): Settings {
  const first = resolve(files[0]?.path ?? '.');
  return {
    files: files.map((file) => ({
      path: resolve(file.path),
      source:
        file.template === undefined
          ? { kind: 'text', text: file.text ?? '' }
          : { kind: 'file', path: resolve(file.template) },
      escape: file.escape,
      check: file.check,
      checkTimeoutMs: file.checkTimeoutMs,
      mode: file.mode === undefined ? undefined : Number.parseInt(file.mode, 8),
      owner: file.owner === undefined ? undefined : findOwner(file.owner),
    })),
    reload,
    runDirectory: resolve(runDirectory ?? join(dirname(first), `.signalbox-${basename(first)}`)),
  };
}

/** Names are looked up in /etc/passwd and /etc/group (passwd(5), group(5)); users of a directory service need their number. */
function findOwner(owner: string): { readonly uid: number; readonly gid: number } {
  const [user = '', group] = owner.split(':');
  const entry = /^\d+$/.test(user) ? [user, 'x', user, user] : findEntry('/etc/passwd', user);
  if (entry === undefined) throw noSuch('user', user);
  const uid = Number(entry[2]);
  if (group === undefined) return { uid, gid: Number(entry[3]) };
  if (/^\d+$/.test(group)) return { uid, gid: Number(group) };
  const found = findEntry('/etc/group', group);
  if (found === undefined) throw noSuch('group', group);
  return { uid, gid: Number(found[2]) };
}

function findEntry(path: string, name: string): readonly string[] | undefined {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // A system without this file has no such name.
  }
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([entry]) => entry === name);
}

function noSuch(kind: 'user' | 'group', name: string): ConfigError {
  return new ConfigError(`there is no ${kind} "${name}" on this machine`, {
    code: 'CONFIG_INVALID',
    hint: 'create it, or write its number',
  });
}
