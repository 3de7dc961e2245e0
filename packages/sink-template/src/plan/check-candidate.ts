import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isPipelineError, type SinkError } from '@signalbox/core';
import { runCommand, sha256 } from '@signalbox/sink-kit';
import type { FileSettings } from '../settings.ts';

/** Runs the user's checks, each once for each content. */
export interface CandidateChecks {
  /** The refusal of the first file that is refused; undefined when all are good. */
  check(contents: readonly string[], signal: AbortSignal): Promise<SinkError | undefined>;
  /** Forgets refusals, so that they are asked for again. */
  forgetRefusals(): void;
}

/** Enough for a candidate, its way back, and the steps of a search for a guilty service. */
const remembered = 64;

export function createCandidateChecks(files: readonly FileSettings[]): CandidateChecks {
  const verdicts = new Map<string, SinkError | undefined>();

  async function checkOne(file: FileSettings, content: string, signal: AbortSignal): Promise<SinkError | undefined> {
    const key = `${file.path}\n${sha256(content)}`;
    if (verdicts.has(key)) return verdicts.get(key);
    const verdict = await runCheck(file, content, signal);
    verdicts.set(key, verdict);
    const [oldest] = verdicts.keys();
    if (verdicts.size > remembered && oldest !== undefined) verdicts.delete(oldest);
    return verdict;
  }

  return {
    async check(contents, signal) {
      for (const [index, file] of files.entries()) {
        if (file.check === undefined) continue;
        const refusal = await checkOne(file, contents[index] ?? '', signal);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    },
    forgetRefusals() {
      for (const [key, verdict] of verdicts) if (verdict !== undefined) verdicts.delete(key);
    },
  };
}

async function runCheck(file: FileSettings, content: string, signal: AbortSignal): Promise<SinkError | undefined> {
  // Not beside the file: many programs read every file of their folder.
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-check-'));
  try {
    const candidate = join(folder, basename(file.path));
    await writeFile(candidate, content, { mode: 0o600 });
    const argv = (file.check ?? []).map((word) => word.replaceAll('{candidate}', candidate));
    await runCommand(argv, {
      signal,
      timeoutMs: file.checkTimeoutMs,
      code: 'SINK_CHECK_FAILED',
      purpose: `checking the new ${file.path}`,
      hint: 'look at the output of the check; the file stays as it is',
    });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (isPipelineError(error) && error.code === 'SINK_CHECK_FAILED') return error as SinkError;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
