import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPipelineError, messageOf, SinkError } from '@signalbox/core';
import { type Certificate, checkCertificates, oneLine } from '@signalbox/sink-kit';
import { checkConfig, parseConfigMessages } from '../control/check.ts';
import { section } from '../render/section.ts';
import type { Settings } from '../settings.ts';

/** What HAProxy has against certificates, by name. */
export function checkWithHaproxy(
  { program, global }: Pick<Settings, 'program' | 'global'>,
  certificates: readonly Certificate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  return checkCertificates(certificates, async ({ directory, paths }) => {
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
    try {
      await checkConfig(config, { program, signal });
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (!isPipelineError(error) || error.code !== 'SINK_CHECK_FAILED') throw error;
      const output = error instanceof SinkError ? (error.output ?? '') : '';
      const alert = parseConfigMessages(output).find(({ severity }) => severity === 'alert');
      return oneLine((alert?.text ?? messageOf(error)).replaceAll(`${directory}/`, '')).slice(0, 300);
    }
  });
}
