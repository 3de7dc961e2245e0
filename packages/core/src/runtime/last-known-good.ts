import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../errors/pipeline-error.ts';
import { messageOf } from '../errors/wrap.ts';
import type { Service } from '../model/service.ts';
import type { LastKnownGood, LastKnownGoodStore } from './options.ts';

const formatVersion = 1;

/**
 * Keeps one JSON file per source in a directory, which is made when first needed. Files are readable by their owner alone,
 * because labels may hold what is not meant for everybody, and they are replaced atomically: a crash leaves old or new.
 */
export function fileLastKnownGood(directory: string): LastKnownGoodStore {
  // Most services are those of the last write: with ten thousand, making their text again would block the process for 20 ms each time.
  const texts = new WeakMap<Service, string>();
  const textOf = (service: Service): string => {
    const text = texts.get(service) ?? JSON.stringify(service);
    texts.set(service, text);
    return text;
  };
  const pathOf = (sourceId: string): string => join(directory, `${encodeURIComponent(sourceId)}.json`);
  return {
    async load(sourceId) {
      const path = pathOf(sourceId);
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw unusable('reading', path, error);
      }
      return parse(text, path);
    },
    async save(sourceId, { syncedAt, services }) {
      const path = pathOf(sourceId);
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const head = `{"version":${formatVersion},"syncedAt":${JSON.stringify(syncedAt)},"services":[`;
        await replaceFile(path, `${head}${services.map(textOf).join(',')}]}`);
      } catch (error) {
        throw unusable('writing', path, error);
      }
    },
  };
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function parse(text: string, path: string): LastKnownGood {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unusable('reading', path, error);
  }
  if (!isState(value)) throw unusable('reading', path, new Error('it does not hold the services of a source'));
  return { syncedAt: value.syncedAt, services: value.services };
}

function isState(value: unknown): value is { syncedAt: number; services: Service[] } {
  if (typeof value !== 'object' || value === null) return false;
  const { version, syncedAt, services } = value as Record<string, unknown>;
  return (
    version === formatVersion &&
    typeof syncedAt === 'number' &&
    Array.isArray(services) &&
    services.every(isServiceLike)
  );
}

function isServiceLike(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, endpoints } = value as Record<string, unknown>;
  return typeof id === 'string' && typeof name === 'string' && Array.isArray(endpoints);
}

function unusable(activity: string, path: string, cause: unknown): PipelineError {
  return new PipelineError(`${activity} the last good state in "${path}": ${messageOf(cause)}`, {
    code: 'STATE_UNUSABLE',
    cause,
    hint: 'check the rights and the free space of the state directory; a damaged file may be deleted',
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
