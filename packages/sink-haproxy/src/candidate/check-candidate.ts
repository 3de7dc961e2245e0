import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SinkError } from '@signalbox/core';
import { checkCopies } from '@signalbox/sink-kit';
import { certificatePaths } from '../certificates/certificate-paths.ts';
import { checkConfig } from '../control/check.ts';
import { type Backend, type Desired, mapNames } from '../desired/model.ts';
import { renderAuthorityFiles, renderConfig } from '../render/config.ts';
import { mapPaths, metaMap, renderDesiredMap } from '../render/files.ts';
import type { Settings } from '../settings.ts';

/**
 * What HAProxy's own check says against the candidate, or undefined when it is good.
 *
 * @throws {SinkError} SINK_APPLY_FAILED, SINK_REFUSED, SINK_UNREACHABLE when the copies cannot be written.
 */
export function checkCandidate(
  desired: Desired,
  settings: Settings,
  signal: AbortSignal,
): Promise<SinkError | undefined> {
  return checkCopies({
    write: (directory) => writeCandidate(desired, settings, directory),
    check: (directory) => checkConfig(configPath(directory), { program: settings.program, signal }),
  });
}

const configPath = (directory: string): string => join(directory, 'haproxy.cfg');

async function writeCandidate(desired: Desired, settings: Settings, directory: string): Promise<void> {
  const paths = mapPaths(directory);
  await writeFile(paths.meta, metaMap);
  await writeFile(paths.structure, 'hash candidate\n');
  for (const name of mapNames) await writeFile(paths[name], renderDesiredMap(desired.maps, name));
  // Certificates were checked by themselves, and keys are not copied around without need.
  await writeFile(certificatePaths(directory).list, '');
  for (const [path, text] of renderAuthorityFiles(desired, settings, directory)) await writeFile(path, text);
  const config = renderConfig(withServers(desired), settings, { mapDirectory: directory, hash: 'candidate' });
  await writeFile(configPath(directory), config);
}

/** HAProxy reads what stands on a server line only where there is one, and the first server may come at runtime. */
function withServers(desired: Desired): Desired {
  const server = { name: 'e_candidate', address: '127.0.0.1', port: 1, weight: 1, backup: false, vouched: false };
  const backends = new Map<string, Backend>();
  for (const [name, backend] of desired.backends) {
    backends.set(name, backend.servers.size > 0 ? backend : { ...backend, servers: new Map([[server.name, server]]) });
  }
  return { ...desired, backends, hasCertificates: false };
}
