import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPipelineError, SinkError } from '@signalbox/core';
import { type Certificate, checkCertificates, oneLine, runCommand } from '@signalbox/sink-kit';
import { block } from '../render/block.ts';
import * as safe from '../render/escape.ts';
import { temporaryLines } from '../render/http-common.ts';

/** What nginx has against certificates, by name. */
export function checkWithNginx(
  program: string,
  certificates: readonly Certificate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  return checkCertificates(certificates, async ({ directory, paths }) => {
    const config = join(directory, 'nginx.conf');
    const lines = [
      `pid ${safe.path(join(directory, 'nginx.pid'))};`,
      `error_log ${safe.path(join(directory, 'error.log'))};`,
      block('events', []),
      block('http', [
        ...temporaryLines(directory),
        ...paths.map((path, index) =>
          block('server', [
            `listen unix:${safe.path(join(directory, `${index}.sock`))} ssl;`,
            `ssl_certificate ${safe.path(path)};`,
            `ssl_certificate_key ${safe.path(path)};`,
          ]),
        ),
      ]),
    ];
    await writeFile(config, `${lines.join('\n')}\n`);
    try {
      await runCommand([program, '-t', '-q', '-c', config], {
        signal,
        timeoutMs: 60_000,
        code: 'SINK_CHECK_FAILED',
        purpose: 'checking certificates',
      });
      return undefined;
    } catch (error) {
      if (!isPipelineError(error) || error.code !== 'SINK_CHECK_FAILED') throw error;
      return wordsOf(error, directory);
    }
  });
}

/** Without date, pid and places that are gone by now. */
function wordsOf(error: Error, directory: string): string {
  const output = error instanceof SinkError ? (error.output ?? '') : '';
  const line = output.split('\n').find((text) => text.includes('[emerg]')) ?? error.message;
  return oneLine(line.replace(/^.*?\[emerg\] (\d+#\d+: )?/, '').replaceAll(`${directory}/`, '')).slice(0, 300);
}
