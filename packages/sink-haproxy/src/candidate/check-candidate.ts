import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPipelineError, type SinkError } from '@signalbox/core';
import { toFileError } from '@signalbox/sink-kit';
import { certificatePaths } from '../certificates/certificate-paths.ts';
import { checkConfig } from '../control/check.ts';
import { type Backend, type Desired, mapNames } from '../desired/model.ts';
import { renderConfig } from '../render/config.ts';
import { mapPaths, metaMap, renderMap } from '../render/files.ts';
import type { Settings } from '../settings.ts';

/**
 * What HAProxy's own check says against the candidate, or undefined when it is good. The check runs on copies in a temporary folder.
 *
 * @throws {SinkError} SINK_APPLY_FAILED, SINK_REFUSED, SINK_UNREACHABLE when the copies cannot be written.
 */
export async function checkCandidate(
  desired: Desired,
  settings: Settings,
  signal: AbortSignal,
): Promise<SinkError | undefined> {
  const directory = await atFile('creating', tmpdir(), mkdtemp(join(tmpdir(), 'signalbox-check-')));
  try {
    const configPath = join(directory, 'haproxy.cfg');
    await atFile('writing', configPath, writeCandidate(desired, settings, directory, configPath));
    await checkConfig(configPath, { program: settings.program, signal });
    return undefined;
  } catch (error) {
    if (isPipelineError(error) && error.code === 'SINK_CHECK_FAILED') return error as SinkError;
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function writeCandidate(
  desired: Desired,
  settings: Settings,
  directory: string,
  configPath: string,
): Promise<void> {
  const paths = mapPaths(directory);
  await writeFile(paths.meta, metaMap);
  await writeFile(paths.structure, 'hash candidate\n');
  for (const name of mapNames) await writeFile(paths[name], renderMap(desired.maps[name]));
  // Certificates were checked by themselves, and keys are not copied around without need.
  await writeFile(certificatePaths(directory).list, '');
  const config = renderConfig(withServers(desired), settings, { mapDirectory: directory, hash: 'candidate' });
  await writeFile(configPath, config);
}

async function atFile<Result>(purpose: string, path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw isPipelineError(error) ? error : toFileError(error, purpose, path);
  }
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
