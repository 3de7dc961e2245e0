import { readFile } from 'node:fs/promises';
import { defineSource, delay, messageOf, SourceError, type SourcePlugin } from '@signalbox/core';
import { z } from 'zod';
import { parseHosts } from './parse-hosts.ts';

export interface HostsOptions {
  /** The text file, with lines of `name port address:port …`. It has to end with a line break, so that half a file is noticed. */
  readonly path: string;
  /** How often the file is read. Default 1000. */
  readonly intervalMs?: number;
}

const options = z.strictObject({
  path: z.string().min(1).meta({ description: 'The text file, with lines of `name port address:port …`.' }),
  intervalMs: z.int().min(10).max(86_400_000).default(1_000).meta({ description: 'How often the file is read.' }),
});

/** Services from a text file, as a person would write it. */
export const hosts: SourcePlugin<HostsOptions> = defineSource({
  type: 'hosts',
  description: 'Services from a text file.',
  options,
  create: ({ path, intervalMs }) => ({
    async *watch({ id, signal }) {
      let last: string | undefined;
      while (!signal.aborted) {
        const text = await read(path, signal);
        if (text !== last) yield understand(text, path, id);
        last = text;
        await delay(intervalMs, signal);
      }
    },
    async probe({ id, signal }) {
      understand(await read(path, signal), path, id);
    },
  }),
});

export default hosts;

async function read(path: string, signal: AbortSignal): Promise<string> {
  try {
    return await readFile(path, { encoding: 'utf8', signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new SourceError(`reading "${path}": ${messageOf(cause)}`, {
      code: 'SOURCE_UNREACHABLE',
      cause,
      hint: 'check that the file exists and that this user may read it',
    });
  }
}

function understand(text: string, path: string, id: string): ReturnType<typeof parseHosts> {
  try {
    return parseHosts(text, id);
  } catch (cause) {
    throw new SourceError(`understanding "${path}": ${messageOf(cause)}`, {
      code: 'SOURCE_BAD_RESPONSE',
      cause,
      hint: 'write lines of "name port address:port …", each with a line break at its end',
    });
  }
}
