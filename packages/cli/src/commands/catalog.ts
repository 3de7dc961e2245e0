import type { Service } from '@signalbox/core';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { formatTable } from '../output/format-table.ts';
import { printable } from '../output/text.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';

export async function execute(invocation: Invocation, options: TimeoutOption): Promise<ExitCode> {
  const { pipelineOptions } = await invocation.loadConfig();
  const catalog = await runOnce(invocation, pipelineOptions, options, (pipeline, signal) => pipeline.collect(signal));
  const services = [...catalog.services.values()];
  if (invocation.json) invocation.print(JSON.stringify({ services }, undefined, 2));
  else invocation.print(formatServices(services, invocation.width));
  return exitCodes.ok;
}

export function formatServices(services: readonly Service[], width: number): string {
  const columns = [
    { title: 'SERVICE' },
    { title: 'PORT', align: 'right' as const },
    { title: 'PROTOCOL' },
    { title: 'ENDPOINTS', align: 'right' as const },
    { title: 'UNHEALTHY', align: 'right' as const },
    { title: 'DRAINING', align: 'right' as const },
    { title: 'ROUTES' },
  ];
  const rows = services.map(({ id, port, protocol, appProtocol, endpoints, routes = [] }) => [
    printable(id),
    port === undefined ? '-' : String(port),
    appProtocol ?? protocol,
    String(endpoints.length),
    String(endpoints.filter(({ health }) => health === 'unhealthy').length),
    String(endpoints.filter(({ draining }) => draining === true).length),
    printable(routes.map(formatRoute).join(' ')) || '-',
  ]);
  return formatTable(columns, rows, width);
}

function formatRoute({ hostnames = [], path }: NonNullable<Service['routes']>[number]): string {
  return `${hostnames.join(',') || '*'}${path?.value ?? ''}`;
}
