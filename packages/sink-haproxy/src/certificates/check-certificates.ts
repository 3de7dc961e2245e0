import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPipelineError, messageOf, SinkError } from '@signalbox/core';
import { oneLine, toFileError } from '@signalbox/sink-kit';
import { checkConfig, parseConfigMessages } from '../control/check.ts';
import { section } from '../render/section.ts';
import type { Settings } from '../settings.ts';
import type { Certificate } from './certificate.ts';

/**
 * What HAProxy has against certificates, by name. It has the last word: its TLS library may ask for longer keys than the one of Node. All at
 * once first; one by one only when it complains.
 */
export async function checkCertificates(
  settings: Pick<Settings, 'program' | 'global'>,
  certificates: readonly Certificate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const words = new Map<string, string>();
  if ((await checkTogether(settings, certificates, signal)) === undefined) return words;
  for (const certificate of certificates) {
    const against = await checkTogether(settings, [certificate], signal);
    if (against !== undefined) words.set(certificate.name, against);
  }
  return words;
}

async function checkTogether(
  { program, global }: Pick<Settings, 'program' | 'global'>,
  certificates: readonly Certificate[],
  signal: AbortSignal,
): Promise<string | undefined> {
  // Readable for its owner alone, as are the files in it.
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-check-'));
  try {
    const paths = certificates.map((_, index) => join(directory, `${index}.pem`));
    for (const [index, { readPem }] of certificates.entries()) {
      await writeFile(paths[index] ?? '', readPem(), { mode: 0o600 });
    }
    const list = join(directory, 'certificates.list');
    await writeFile(list, paths.map((path) => `${path}\n`).join(''));
    const config = join(directory, 'haproxy.cfg');
    await writeFile(
      config,
      [
        section('global', global),
        section('frontend check', ['mode http', 'timeout client 1s', `bind 127.0.0.1:1 ssl crt-list ${list}`]),
      ].join('\n'),
    );
    await checkConfig(config, { program, signal });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!isPipelineError(error)) throw toFileError(error, 'writing', directory);
    if (error.code !== 'SINK_CHECK_FAILED') throw error;
    const output = error instanceof SinkError ? (error.output ?? '') : '';
    const alert = parseConfigMessages(output).find(({ severity }) => severity === 'alert');
    return oneLine((alert?.text ?? messageOf(error)).replaceAll(`${directory}/`, '')).slice(0, 300);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
