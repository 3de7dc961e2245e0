import { resolve } from 'node:path';
import { messageOf } from '@signalbox/core';
import { createEditorSchema } from '../config/editor-schema.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { listPlugins } from '../plugins/list.ts';

export async function execute(invocation: Invocation): Promise<ExitCode> {
  invocation.print(await renderEditorSchema(invocation));
  return exitCodes.ok;
}

/** The schema of a file with every plugin that is installed for it; what cannot be loaded is said, and left out. */
export async function renderEditorSchema(invocation: Invocation): Promise<string> {
  const { host, configPath } = invocation;
  const { plugins, failures } = await listPlugins(resolve(host.workingDirectory, configPath));
  for (const { kind, type, error } of failures) invocation.say(`${kind} ${type} is left out: ${messageOf(error)}`);
  return JSON.stringify(createEditorSchema(plugins), undefined, 2);
}
