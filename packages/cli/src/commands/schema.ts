import { resolve } from 'node:path';
import { messageOf } from '@signalbox/core';
import { createEditorSchema } from '../config/editor-schema.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { listPlugins } from '../plugins/list.ts';

export async function execute(invocation: Invocation): Promise<ExitCode> {
  const { host, configPath } = invocation;
  const { plugins, failures } = await listPlugins(resolve(host.workingDirectory, configPath));
  for (const { kind, type, error } of failures) invocation.say(`${kind} ${type} is left out: ${messageOf(error)}`);
  invocation.print(JSON.stringify(createEditorSchema(plugins), undefined, 2));
  return exitCodes.ok;
}
