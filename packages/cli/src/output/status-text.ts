import { type CertificateStatistics, messageOf, type ServiceStatistics, type SinkReading } from '@signalbox/core';
import { roundedDuration } from '../config/durations.ts';
import type { Colors } from './colors.ts';
import { formatTable } from './format-table.ts';
import { count, printable } from './text.ts';
import { wrapText } from './wrap-text.ts';

/** What a target counted, for people; `undefined` for a sink that could not be read, which is an error of its own. */
export function formatReading(
  { sink, statistics, error }: SinkReading,
  { colors, width }: { readonly colors: Colors; readonly width: number },
  nowMs: number,
): string | undefined {
  if (error !== undefined) return undefined;
  const name = colors.bold(sink);
  if (statistics === undefined) return `${name}: keeps no statistics`;
  const { services, certificates = [], target = {} } = statistics;
  const counted = [count(services.size, 'service'), ...formatTarget(target)].join(', ');
  const parts = [wrapText(`${name}: ${counted}`, width, '  ')];
  if (services.size > 0) parts.push(formatServices([...services], width));
  if (certificates.length > 0) parts.push(formatCertificates(certificates, nowMs, width));
  return parts.join('\n\n');
}

/** `currentConnections` reads as `current connections 12`, and `uptimeSeconds` as `uptime 24h`. */
function formatTarget(target: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(target).map(([name, value]) => {
    const [, subject = name, unit] = /^(.+)(Seconds|Percent)$/.exec(name) ?? [];
    const words = subject.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return `${printable(words)} ${unit === 'Seconds' ? roundedDuration(value * 1_000) : value}${unit === 'Percent' ? '%' : ''}`;
  });
}

const right = 'right' as const;

function formatServices(services: readonly (readonly [string, ServiceStatistics])[], width: number): string {
  const columns = [
    { title: 'SERVICE' },
    { title: 'UP', align: right },
    { title: 'SESSIONS', align: right },
    { title: 'QUEUE', align: right },
    { title: 'REQUESTS', align: right },
    { title: '4XX', align: right },
    { title: '5XX', align: right },
    { title: 'ERRORS', align: right },
    { title: 'RETRIES', align: right },
    { title: 'MS', align: right },
  ];
  const rows = services.map(([id, counted]) => [
    printable(id),
    formatUp(counted),
    cell(counted.currentSessions),
    cell(counted.queuedRequests),
    cell(counted.totalRequests ?? counted.totalSessions),
    cell(counted.responses?.['4xx']),
    cell(counted.responses?.['5xx']),
    cell(sum(counted.connectionErrors, counted.responseErrors)),
    cell(counted.retries),
    cell(counted.averageResponseMs),
  ]);
  return formatTable(columns, rows, width);
}

/** Those that take traffic, of all that the target knows. */
function formatUp({ endpoints }: ServiceStatistics): string {
  const up = [...endpoints.values()].filter(({ state }) => state === 'up' || state === 'unchecked').length;
  return `${up}/${endpoints.size}`;
}

function formatCertificates(certificates: readonly CertificateStatistics[], nowMs: number, width: number): string {
  const columns = [
    { title: 'CERTIFICATE' },
    { title: 'HOSTNAMES' },
    { title: 'ENDS' },
    { title: 'DAYS LEFT', align: right },
  ];
  const soonestFirst = certificates.toSorted((left, other) => left.notAfterMs - other.notAfterMs);
  const rows = soonestFirst.map(({ source, hostnames, notAfterMs }) => [
    printable(source),
    printable(hostnames.join(' ')) || '-',
    new Date(notAfterMs).toISOString().slice(0, 10),
    notAfterMs < nowMs ? 'ended' : String(Math.floor((notAfterMs - nowMs) / 86_400_000)),
  ]);
  return formatTable(columns, rows, width);
}

function sum(...values: readonly (number | undefined)[]): number | undefined {
  const counted = values.filter((value) => value !== undefined);
  return counted.length === 0 ? undefined : counted.reduce((total, value) => total + value, 0);
}

function cell(value: number | undefined): string {
  return value === undefined ? '-' : String(value);
}

/** The same for machines. */
export function toStatusData(readings: readonly SinkReading[]): unknown {
  return { sinks: Object.fromEntries(readings.map((reading) => [reading.sink, toReadingData(reading)])) };
}

function toReadingData({ statistics, error }: SinkReading): unknown {
  if (error !== undefined) return { error: { code: error.code, message: messageOf(error), hint: error.hint } };
  if (statistics === undefined) return {};
  const services = [...statistics.services].map(([id, { endpoints, ...traffic }]) => [
    id,
    { ...traffic, endpoints: Object.fromEntries(endpoints) },
  ]);
  return { ...statistics, services: Object.fromEntries(services) };
}
