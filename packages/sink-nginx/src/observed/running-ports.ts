import { readFile } from 'node:fs/promises';
import { isOwnConfig } from '../render/config.ts';
import { snapshotPath } from '../render/files.ts';
import { parseSnapshot } from '../render/snapshot.ts';
import type { SinkState } from '../sink-state.ts';

/**
 * The TCP ports that our own nginx listens on, so that they are not taken for those of others. When we did not write what runs, both files are
 * believed: either may have been edited or removed.
 */
export async function readRunningPorts({ running, settings }: SinkState, hash: string): Promise<ReadonlySet<number>> {
  if (running?.hash === hash) return new Set(running.ports);
  const config = await readFile(settings.configPath, 'utf8').catch(() => '');
  const listens = isOwnConfig(config) ? config.matchAll(/^\s*listen \S*:(\d+)[ ;]/gm) : [];
  const snapshot = parseSnapshot(await readFile(snapshotPath(settings), 'utf8').catch(() => ''));
  return new Set([...[...listens].map(([, port]) => Number(port)), ...(snapshot?.ports ?? [])]);
}
