import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { PipelineError } from '@signalbox/core';
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { renderEditorSchema } from './schema.ts';

export interface InitOptions {
  readonly marathon: readonly string[];
  readonly haproxy: string;
  readonly force?: boolean;
}

export async function execute(invocation: Invocation, options: InitOptions): Promise<ExitCode> {
  const { host, configPath } = invocation;
  for (const url of options.marathon) {
    if (!URL.canParse(url))
      throw new UsageError(`--marathon expects a URL, not "${url}"`, 'for example http://leader.mesos:8080');
  }
  const file = resolve(host.workingDirectory, configPath);
  const flag = options.force === true ? 'w' : 'wx';
  if (!(await writeNew(file, renderFirstConfig(options), flag))) {
    throw new UsageError(
      `${configPath} exists already`,
      'write over it with --force, or name another file with --config',
    );
  }
  const schemaFile = join(dirname(file), schemaName);
  // One that is there already was made by "signalbox schema", perhaps with plugins in it: it stays.
  const isNew = await writeNew(schemaFile, `${await renderEditorSchema(invocation)}\n`, flag);
  const shown = [file, ...(isNew ? [schemaFile] : [])].map((each) => relative(host.workingDirectory, each));
  invocation.say(
    `Wrote ${shown.join(' and ')}. Next:\n  signalbox check --probe   is everything within reach?\n  signalbox plan            what would change?\n  signalbox run             keep it in step`,
  );
  return exitCodes.ok;
}

const schemaName = 'signalbox.schema.json';

/** Resolves to `false` when the file is there already and must not be written over. */
async function writeNew(file: string, text: string, flag: 'w' | 'wx'): Promise<boolean> {
  try {
    await writeFile(file, text, { flag });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new PipelineError(`writing ${file}`, {
      code: 'CONFIG_UNREADABLE',
      cause: error,
      hint: 'check the folder and its rights',
    });
  }
}

/** JSON strings are YAML strings, whatever is in them. */
export function renderFirstConfig({ marathon, haproxy }: InitOptions): string {
  // A reference would be substituted; what comes from the command line is meant as it is.
  const quote = (text: string): string => JSON.stringify(text.replaceAll('$', '$$$$'));
  return `# yaml-language-server: $schema=./${schemaName}
# The schema helps editors. To make it again with other plugins: signalbox schema > ${schemaName}
version: 1

# Where the last known good state is kept across restarts.
# stateDir: /var/lib/signalbox

# Where services come from. The name is yours; it becomes the first part of every service id.
sources:
  marathon:
    type: marathon
    options:
      urls: [${marathon.map(quote).join(', ')}]
      # auth: { basic: { username: signalbox, password: "\${file:/run/secrets/marathon}" } }

# What is changed on the way, in this order. "signalbox list" shows what there is.
# transforms:
#   - type: filter
#     options: {}

# What is kept in step.
sinks:
  haproxy:
    type: haproxy
    options:
      config: ${quote(haproxy)}
    # Quiet time before a change is applied. Endpoints that go do not wait.
    # settle: { min: 200ms, max: 2s }

# Losses that look like a hiccup of the source are held back. These are the defaults.
# guards:
#   maxRemovedPercent: 50
#   toleratedRemovals: 4
#   onEmpty: keep
#   holdTimeout: 10m

# How often the sinks are compared with reality although nothing changed.
# resync: 1m
`;
}
