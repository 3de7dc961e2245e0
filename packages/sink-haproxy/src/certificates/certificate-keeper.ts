import { type PlannedChange, SinkError, type Warning } from '@signalbox/core';
import {
  type Certificate,
  type CertificateStore,
  createCertificateStore,
  describeCertificateWarnings,
  readCertificateCopies,
  targetChanged,
} from '@signalbox/sink-kit';
import { abortCertificateCommand, isCertificateSuccess } from '../control/certificates.ts';
import type { RuntimeConnection } from '../control/runtime-connection.ts';
import type { RuntimeSession } from '../control/runtime-session.ts';
import type { MarkedProcess } from '../observed/mark.ts';
import type { Settings } from '../settings.ts';
import { describeCopies, hashCopies, writeCopies } from './certificate-copies.ts';
import { certificatePaths, placeCertificates, renderCertificateList } from './certificate-paths.ts';
import { checkWithHaproxy } from './check-certificates.ts';
import { type CertificateChange, diffCertificates } from './diff-certificates.ts';
import { type ObservedCertificates, observeCertificates } from './observe-certificates.ts';

export interface CertificatePlan {
  readonly changes: readonly PlannedChange[];
  readonly warnings: readonly Warning[];
  /** Why some of it needs a reload, which reads the copies; undefined when nothing does. */
  readonly reloadReason: string | undefined;
  /**
   * Tells the process, then writes the copies. What needs a reload is left for one unless `reload` says that it follows.
   *
   * @throws {SinkError} SINK_APPLY_FAILED when HAProxy refuses a certificate (the others are in force); SINK_TARGET_CHANGED when it is another process.
   */
  apply(options: { readonly reload: boolean; readonly signal: AbortSignal }): Promise<void>;
}

/** Keeps the certificates of the listeners in step with a folder. */
export interface CertificateKeeper {
  readonly store: CertificateStore;
  /** `pid` is undefined when no process of ours runs. Without `full` it repeats what is known. */
  plan(
    target: { readonly pid: number | undefined; readonly full: boolean },
    signal: AbortSignal,
  ): Promise<CertificatePlan>;
  /** The list of the certificates by its path. Their own content is nothing to show. */
  renderList(): ReadonlyMap<string, string>;
}

/** Undefined when the sink has no certificates. */
export function createCertificateKeeper(
  settings: Settings,
  session: RuntimeSession<MarkedProcess>,
): CertificateKeeper | undefined {
  const { certificates: options } = settings;
  if (options === undefined) return undefined;
  const paths = certificatePaths(settings.runDirectory);
  const store = createCertificateStore({
    directory: options.directory,
    proxy: 'HAProxy',
    readCopies: () => readCertificateCopies(paths.directory),
    check: (certificates, signal) => checkWithHaproxy(settings, certificates, signal),
  });
  /** Planned and not applied yet. */
  let due = true;
  let last: readonly Warning[] = [];

  return {
    store,
    renderList() {
      const placed = placeCertificates(paths, store.certificates, options.default);
      return new Map([[paths.list, renderCertificateList(paths, placed.keys())]]);
    },
    async plan({ pid, full }, signal) {
      if (!full && !due) return { changes: [], warnings: last, reloadReason: undefined, apply: async () => {} };
      const placed = placeCertificates(paths, store.certificates, options.default);
      const copies = await hashCopies(paths, placed.keys());
      const observed =
        pid === undefined
          ? undefined
          : await session.use(signal, (connection) => observeCertificates(connection, paths));
      const diff =
        observed === undefined
          ? { changes: [], reloads: new Map<string, string>() }
          : diffCertificates(paths, placed, observed, copies);
      const [reloadReason] = diff.reloads.values();
      const changes =
        diff.changes.length > 0 || diff.reloads.size > 0
          ? diff.changes.map(({ change }) => change)
          : describeCopies(paths, placed, copies);
      due = changes.length > 0 || reloadReason !== undefined;
      last = describeCertificateWarnings(store, options);
      return {
        changes,
        warnings: last,
        reloadReason,
        async apply({ reload, signal: applySignal }) {
          if (!due) return;
          const failed = new Map<string, string>();
          if (pid !== undefined && observed !== undefined && diff.changes.length > 0) {
            await session.use(applySignal, async (connection, { mark }) => {
              if (mark.pid !== pid) throw targetChanged('HAProxy');
              await change(connection, diff.changes, observed, failed);
              verify(diff.changes, await observeCertificates(connection, paths), failed);
            });
          }
          const kept = new Set([...failed.keys(), ...(reload ? [] : diff.reloads.keys())]);
          await writeCopies(paths, placed, copies, kept);
          due = kept.size > 0;
          refuse(store, placed, failed);
        },
      };
    },
  };
}

/** Certificates one after the other: HAProxy has one update under way at a time, and a refusal of one leaves the others as they should be. */
async function change(
  connection: RuntimeConnection,
  changes: readonly CertificateChange[],
  { unfinished }: ObservedCertificates,
  failed: Map<string, string>,
): Promise<void> {
  if (unfinished.length > 0) await connection.send(unfinished.map(abortCertificateCommand));
  for (const { path, certificate, readCommands } of changes) {
    const replies = await connection.send(readCommands());
    const refusal = replies.find((reply) => !isCertificateSuccess(reply));
    if (refusal === undefined) continue;
    if (certificate !== undefined) await connection.send([abortCertificateCommand(path)]);
    failed.set(path, refusal.replace(/\s+/g, ' ').slice(0, 300));
  }
}

/** Success is what the process shows afterwards. */
function verify(
  changes: readonly CertificateChange[],
  observed: ObservedCertificates | undefined,
  failed: Map<string, string>,
): void {
  if (observed === undefined) throw targetChanged('HAProxy');
  for (const { path, certificate } of changes) {
    const isDone =
      certificate === undefined
        ? !observed.listed.has(path) && !observed.held.has(path)
        : observed.listed.has(path) && observed.certificates.get(path)?.fingerprint === certificate.fingerprint;
    if (isDone) failed.delete(path);
    else if (!failed.has(path)) failed.set(path, 'it does not show the certificate that it was given');
  }
}

function refuse(
  store: CertificateStore,
  placed: ReadonlyMap<string, Certificate>,
  failed: ReadonlyMap<string, string>,
): void {
  const [first] = failed;
  if (first === undefined) return;
  for (const [path, words] of failed) {
    const certificate = placed.get(path);
    if (certificate !== undefined) store.refuse(certificate, words);
  }
  const [path, words] = first;
  throw new SinkError(`HAProxy did not take the change of the certificate ${path}: ${words}`, {
    code: 'SINK_APPLY_FAILED',
    output: words,
    hint: 'the last good version stays in force; a new file is tried again',
  });
}
