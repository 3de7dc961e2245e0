import { inQuotes } from '../text/one-line.ts';
import type { Certificate } from './certificate.ts';
import { formatDay } from './expiry.ts';
import { type FolderListing, listCertificateFiles } from './list-files.ts';
import { readCertificate } from './read-certificate.ts';

/** The proxy's words against certificates, by name; empty when it takes all of them. */
export type CheckCertificates = (
  certificates: readonly Certificate[],
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, string>>;

export interface CertificateStoreOptions {
  /** The folder of the operator. */
  readonly directory: string;
  /** The proxy's name, for people. */
  readonly proxy: string;
  /** What an earlier run left in force, by name in order; asked for once. Copies that cannot be read are left out. */
  readonly readCopies: () => Promise<ReadonlyMap<string, Certificate>>;
  readonly check: CheckCertificates;
}

/**
 * The certificates that shall be in force: of each the newest version in the folder that is good, else its last good one. Those outlive us as
 * copies that the sink makes.
 */
export interface CertificateStore {
  /** By name, in order. A new object when one came, went or changed. */
  readonly certificates: ReadonlyMap<string, Certificate>;
  /** A new object when one came or went. */
  readonly names: ReadonlySet<string>;
  /** What was left out, and why; one line each. */
  readonly problems: readonly string[];
  /** Reads what changed in the folder. Never throws because of what is in it. */
  refresh(signal: AbortSignal): Promise<void>;
  /** True once the folder is not as it was read, and quiet: half of a pair is no news. */
  hasChanged(): Promise<boolean>;
  /** The proxy did not take this version at runtime: its last good one stays. */
  refuse(certificate: Certificate, words: string): void;
}

type Reading = Certificate | { readonly problem: string };

/** Polling alone, since renewals by symbolic links and on network file systems raise no events; each look costs at most a hundredth of the time. */
const shareOfTime = 100;

export function createCertificateStore({
  directory,
  proxy,
  readCopies,
  check,
}: CertificateStoreOptions): CertificateStore {
  let certificates: ReadonlyMap<string, Certificate> | undefined;
  let names: ReadonlySet<string> = new Set();
  let problems: readonly string[] = [];
  const readings = new Map<string, { readonly signature: string; readonly reading: Reading }>();
  /** Words against versions, by the hash of their content. */
  const refused = new Map<string, string>();
  const accepted = new Set<string>();
  /** What was in force before the newest version, for the case that the proxy does not take that one at runtime. */
  const fallbacks = new Map<string, Certificate | undefined>();
  let read: string | undefined;
  let seen: string | undefined;
  let lookAtMs = 0;

  const keep = (next: ReadonlyMap<string, Certificate>): void => {
    if (certificates === undefined || !isSame(certificates, next)) certificates = next;
    if (next.size !== names.size || [...next.keys()].some((name) => !names.has(name))) names = new Set(next.keys());
  };

  const readAll = async (listing: FolderListing): Promise<ReadonlyMap<string, Reading>> => {
    const found = new Map<string, Reading>();
    for (const files of listing.files) {
      const known = readings.get(files.name);
      const reading = known?.signature === files.signature ? known.reading : await readCertificate(files);
      readings.set(files.name, { signature: files.signature, reading });
      found.set(files.name, reading);
    }
    for (const name of readings.keys()) if (!found.has(name)) readings.delete(name);
    return found;
  };

  const checkNew = async (found: Iterable<Reading>, signal: AbortSignal): Promise<void> => {
    const unknown = [...found].filter(
      (reading): reading is Certificate =>
        !('problem' in reading) && !accepted.has(reading.contentHash) && !refused.has(reading.contentHash),
    );
    if (unknown.length === 0) return;
    const words = await check(unknown, signal);
    for (const { name, contentHash } of unknown) {
      const against = words.get(name);
      if (against === undefined) accepted.add(contentHash);
      else refused.set(contentHash, against);
    }
  };

  return {
    get certificates() {
      return certificates ?? new Map();
    },
    get names() {
      return names;
    },
    get problems() {
      return problems;
    },
    async refresh(signal) {
      const before = certificates ?? (await readCopies());
      for (const { contentHash } of before.values()) accepted.add(contentHash);
      const listing = await listOrExplain(directory);
      if (typeof listing === 'string') {
        problems = [`${listing}: ${before.size === 0 ? 'there are none' : 'those in force stay'}`];
        keep(before);
        return;
      }
      read = listing.signature;
      if (listing.files.length === 0 && before.size > 0) {
        // As after a volume that was not mounted: nobody takes away the last certificate of a listener on purpose.
        problems = [`the folder of certificates ${inQuotes(directory)} is empty: those in force stay`];
        keep(before);
        return;
      }
      const found = await readAll(listing);
      await checkNew(found.values(), signal);
      const next = new Map<string, Certificate>();
      const told = listing.problems.map(({ source, problem }) => describe(source, problem, false));
      for (const files of listing.files) {
        const last = before.get(files.name);
        const reading = found.get(files.name);
        if (reading === undefined) continue;
        const problem = problemOf(reading, last, { refused, proxy });
        const good = problem === undefined && !('problem' in reading) ? reading : last;
        if (problem !== undefined) told.push(describe(files.chainPath, problem, last !== undefined));
        if (good !== undefined) next.set(files.name, good);
        if (good?.contentHash !== last?.contentHash) fallbacks.set(files.name, last);
      }
      problems = told;
      keep(next);
    },
    async hasChanged() {
      if (certificates === undefined || performance.now() < lookAtMs) return false;
      const startMs = performance.now();
      const listing = await listOrExplain(directory);
      lookAtMs = performance.now() + (performance.now() - startMs) * shareOfTime;
      const now = typeof listing === 'string' ? undefined : listing.signature;
      const quiet = now === seen;
      seen = now;
      return quiet && now !== undefined && now !== read;
    },
    refuse({ name, contentHash }, words) {
      refused.set(contentHash, words);
      const fallback = fallbacks.get(name);
      const next = new Map(certificates);
      if (fallback === undefined) next.delete(name);
      else next.set(name, fallback);
      keep(next);
    },
  };
}

async function listOrExplain(directory: string): Promise<FolderListing | string> {
  try {
    return await listCertificateFiles(directory);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return `the folder of certificates ${inQuotes(directory)} cannot be read (${code})`;
  }
}

/** What is in force may expire there: a version that clients refuse is no worse than none. */
function problemOf(
  reading: Reading,
  last: Certificate | undefined,
  { refused, proxy }: { readonly refused: ReadonlyMap<string, string>; readonly proxy: string },
): string | undefined {
  if ('problem' in reading) return reading.problem;
  const words = refused.get(reading.contentHash);
  if (words !== undefined) return `${proxy} refuses it: ${words}`;
  if (last?.contentHash === reading.contentHash) return undefined;
  const { notBeforeMs, notAfterMs } = reading;
  if (!(notAfterMs > Date.now())) return `it expired on ${formatDay(notAfterMs)}`;
  if (!(notBeforeMs <= Date.now())) return `it is not valid before ${formatDay(notBeforeMs)}`;
  return undefined;
}

function describe(source: string, problem: string, stays: boolean): string {
  return `the certificate ${inQuotes(source)} was left out: ${problem}${stays ? '; its last good version stays in force' : ''}`;
}

function isSame(left: ReadonlyMap<string, Certificate>, right: ReadonlyMap<string, Certificate>): boolean {
  if (left.size !== right.size) return false;
  for (const [name, { contentHash, source }] of left) {
    const other = right.get(name);
    if (other?.contentHash !== contentHash || other.source !== source) return false;
  }
  return true;
}
