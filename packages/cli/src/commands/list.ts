import { resolve } from 'node:path';
import { messageOf } from '@signalbox/core';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { formatTable } from '../output/format-table.ts';
import { listPlugins } from '../plugins/list.ts';

export async function execute(invocation: Invocation): Promise<ExitCode> {
  const { host, configPath } = invocation;
  const { plugins, failures } = await listPlugins(resolve(host.workingDirectory, configPath));
  const rows = plugins.map(({ kind, type, resolved }) => ({
    kind,
    type,
    description: resolved.plugin.description,
    origin: resolved.origin,
  }));
  if (invocation.json) invocation.print(JSON.stringify({ plugins: rows }, undefined, 2));
  else {
    const columns = [{ title: 'KIND' }, { title: 'TYPE' }, { title: 'FROM' }, { title: 'DESCRIPTION' }];
    invocation.print(
      formatTable(
        columns,
        rows.map(({ kind, type, origin, description }) => [kind, type, origin, description]),
        invocation.width,
      ),
    );
  }
  for (const { kind, type, error } of failures) invocation.say(`${kind} ${type} cannot be used: ${messageOf(error)}`);
  return exitCodes.ok;
}
