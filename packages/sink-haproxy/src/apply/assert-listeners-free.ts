import { readFile } from 'node:fs/promises';
import { formatAddress, SinkError } from '@signalbox/core';
import { findOccupiedPorts } from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';

/**
 * `haproxy -c` does not see that another process has the port of a shared listener, and the reload says so only in the log of the master.
 * `description` is that of the process that runs, undefined when none does. What it listens on stands in the file that it runs; where that is
 * another one by now, nobody can tell its ports from those of others, and the reload has to.
 *
 * @throws {SinkError} SINK_RELOAD_FAILED, naming the listener.
 */
export async function assertListenersFree(settings: Settings, description: string | undefined): Promise<void> {
  const own = description === undefined ? new Set<number>() : await readPorts(settings.configPath, description);
  if (own === undefined) return;
  for (const { address, port } of settings.listeners) {
    if (own.has(port)) continue;
    const occupied = await findOccupiedPorts(address, [port]);
    if (occupied.size === 0) continue;
    throw new SinkError(
      `another process listens on ${formatAddress(address, port)}, which is a listener of this sink`,
      {
        code: 'SINK_RELOAD_FAILED',
        hint: `find it with \`ss -ltnp 'sport = :${port}'\` and end it, or change \`listeners\`; nothing was reloaded, and it is tried again`,
      },
    );
  }
}

async function readPorts(configPath: string, description: string): Promise<ReadonlySet<number> | undefined> {
  const text = await readFile(configPath, 'utf8').catch(() => '');
  if (!text.includes(`\n  description ${description}\n`)) return undefined;
  return new Set([...text.matchAll(/^ {2}bind \S+:(\d+)/gm)].map(([, port]) => Number(port)));
}
