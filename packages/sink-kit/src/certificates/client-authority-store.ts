import { stat } from 'node:fs/promises';
import { isEqualData } from '@signalbox/core';
import { inQuotes } from '../text/one-line.ts';
import { type ClientAuthorities, parseClientAuthorities } from './client-authorities.ts';
import { readPemText } from './read-pem-text.ts';

/** Files that an operator named; absolute. */
export interface AuthorityFiles {
  readonly caFile: string;
  readonly crlFile: string | undefined;
}

export interface ClientAuthorityStoreOptions {
  /** The proxy's name, for people. */
  readonly proxy: string;
  /** By a name that stays the same for the same files. */
  readonly files: ReadonlyMap<string, AuthorityFiles>;
  /** What an earlier run left in force; undefined when there is none. */
  readonly readCopy: (name: string) => Promise<ClientAuthorities | undefined>;
  /** The proxy's words against it; undefined when it takes it. */
  readonly check: (authorities: ClientAuthorities, signal: AbortSignal) => Promise<string | undefined>;
}

/**
 * The authorities of clients' certificates that shall be in force: the newest version of each file that is good, else its last good one. Where there never
 * was one nothing stands here, and nobody may be let in.
 */
export interface ClientAuthorityStore {
  /** By name. A new object when something in it changed. */
  readonly authorities: ReadonlyMap<string, ClientAuthorities>;
  /** What was left out, and why; one line each. */
  readonly problems: readonly string[];
  /** Reads the files. Never throws because of what is in them. */
  refresh(signal: AbortSignal): Promise<void>;
  /** True once a file is not as it was read. */
  hasChanged(): Promise<boolean>;
}

/** More than the authorities of a system take. */
const mostBytes = 1_048_576;

export function createClientAuthorityStore({
  proxy,
  files,
  readCopy,
  check,
}: ClientAuthorityStoreOptions): ClientAuthorityStore {
  let authorities: ReadonlyMap<string, ClientAuthorities> | undefined;
  let problems: readonly string[] = [];
  let read: string | undefined;
  /** By name: what was judged last, and what the proxy said. */
  const verdicts = new Map<string, { readonly found: ClientAuthorities; readonly words: string | undefined }>();

  const judge = async (name: string, found: ClientAuthorities, signal: AbortSignal): Promise<string | undefined> => {
    const last = verdicts.get(name);
    const words = last !== undefined && isEqualData(last.found, found) ? last.words : await check(found, signal);
    verdicts.set(name, { found, words });
    return words === undefined ? undefined : `${proxy} refuses it: ${words}`;
  };

  const readCopies = async (): Promise<ReadonlyMap<string, ClientAuthorities>> => {
    const copies = new Map<string, ClientAuthorities>();
    for (const name of files.keys()) {
      const copy = await readCopy(name);
      if (copy !== undefined) copies.set(name, copy);
    }
    return copies;
  };

  return {
    get authorities() {
      return authorities ?? new Map();
    },
    get problems() {
      return problems;
    },
    async refresh(signal) {
      const before = authorities ?? (await readCopies());
      const signature = await sign(files);
      const next = new Map<string, ClientAuthorities>();
      const told: string[] = [];
      for (const [name, own] of files) {
        const found = await readAuthorities(own);
        const problem = 'problem' in found ? found.problem : await judge(name, found, signal);
        const last = before.get(name);
        const good = problem === undefined && !('problem' in found) ? found : last;
        if (good !== undefined) next.set(name, good);
        if (problem !== undefined) told.push(describe(own, problem, last !== undefined));
      }
      read = signature;
      problems = told;
      if (authorities === undefined || !isSame(authorities, next)) authorities = next;
    },
    async hasChanged() {
      return read !== undefined && (await sign(files)) !== read;
    },
  };
}

async function readAuthorities({
  caFile,
  crlFile,
}: AuthorityFiles): Promise<ClientAuthorities | { readonly problem: string }> {
  const own = await readPemText(caFile, mostBytes);
  if (typeof own !== 'string') return own;
  if (crlFile === undefined) return parseClientAuthorities(own, undefined);
  const revocations = await readPemText(crlFile, mostBytes);
  if (typeof revocations !== 'string') return { problem: `its list of revoked certificates: ${revocations.problem}` };
  return parseClientAuthorities(own, revocations);
}

/** What changes when a file does. */
async function sign(files: ReadonlyMap<string, AuthorityFiles>): Promise<string> {
  const parts: string[] = [];
  for (const { caFile, crlFile } of files.values()) {
    for (const path of crlFile === undefined ? [caFile] : [caFile, crlFile]) {
      const stats = await stat(path).catch(() => undefined);
      parts.push(stats === undefined ? '-' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`);
    }
  }
  return parts.join('\n');
}

function describe({ caFile }: AuthorityFiles, problem: string, stays: boolean): string {
  const then = stays ? 'the last good ones stay in force' : 'no client is let in where they are needed';
  return `the authorities of clients in ${inQuotes(caFile)} were left out: ${problem}; ${then}`;
}

function isSame(left: ReadonlyMap<string, ClientAuthorities>, right: ReadonlyMap<string, ClientAuthorities>): boolean {
  return JSON.stringify([...left]) === JSON.stringify([...right]);
}
