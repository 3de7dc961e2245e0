import { questionNameOf } from '../records/question-name.ts';
import { shuffle } from '../records/shuffle.ts';
import type { Zone } from '../zone.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const textType = 'text/plain; charset=utf-8';

export function answerText(status: number, body: string): HttpAnswer {
  return { status, contentType: textType, body };
}

/** What the HTTP API answers to a GET. */
export function answerPath(path: string, zone: Zone): HttpAnswer {
  const [, kind = '', name = '', rest] = /^\/v1\/([a-z]+)(?:\/([^/]+)(\/.*)?)?$/.exec(decodeURIComponent(path)) ?? [];
  if (kind === 'version' && name === '') {
    return answerJson({ Service: 'Mesos-DNS', URL: 'https://github.com/mesosphere/mesos-dns', Version: 'dev' });
  }
  if (kind === 'config' && name === '') return answerJson(describeConfig(zone));
  if (kind === 'enumerate' && name === '' && zone.enumeration.enumerate) return answerJson(enumerate(zone));
  if (kind === 'axfr' && name === '' && zone.enumeration.axfr) return answerJson(transfer(zone));
  if (kind === 'services' && name !== '' && rest === undefined) return answerJson(listService(name, zone));
  if (kind === 'hosts' && name !== '') {
    if (rest === '/ports') return answerText(501, 'To be implemented...');
    if (name === '.*')
      return answerText(500, '[restful] recover from panic situation: - runtime error: index out of range [-1]\r\n');
    if (rest === undefined) return answerJson(listHost(name, zone));
  }
  return answerText(404, '404: Page Not Found');
}

/** Printed as Go's `MarshalIndent` does with a space for prefix and for indent. */
function answerJson(value: unknown): HttpAnswer {
  return {
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(value, null, 1).replaceAll('\n', '\n '),
  };
}

function enumerate({ table }: Zone): unknown {
  if (table.frameworks.length === 0) return { frameworks: null };
  return {
    frameworks: shuffle(table.frameworks).map(({ tasks, name }) => ({
      tasks: shuffle(tasks).map((task) => ({ ...task, records: shuffle(task.records) })),
      name,
    })),
  };
}

function transfer({ table, serial, domain, ttlSeconds, refreshSeconds }: Zone): unknown {
  const list = (records: ReadonlyMap<string, ReadonlySet<string>>): Record<string, readonly string[]> =>
    Object.fromEntries(shuffle(records).map(([name, values]) => [name, shuffle(values)]));
  return {
    TTL: ttlSeconds,
    Serial: serial,
    RefreshSeconds: refreshSeconds,
    Mname: `ns1.${domain}.`,
    Rname: `root.ns1.${domain}.`,
    Domain: domain,
    Records: { As: list(table.records.A), AAAAs: list(table.records.AAAA), SRVs: list(table.records.SRV) },
  };
}

function listHost(asked: string, { table }: Zone): unknown {
  const host = questionNameOf(asked);
  const addresses = [...table.valuesOf('A', host), ...table.valuesOf('AAAA', host)];
  if (addresses.length === 0) return [{ host: '', ip: '' }];
  return shuffle(addresses).map((ip) => ({ host, ip }));
}

/** Of several addresses of one kind, each request gets another one. */
function listService(asked: string, { table }: Zone): unknown {
  const found = shuffle(table.valuesOf('SRV', questionNameOf(asked))).flatMap((value) => {
    const colon = value.lastIndexOf(':');
    const [host, port] = [value.slice(0, colon), value.slice(colon + 1)];
    return (['A', 'AAAA'] as const).flatMap((rtype) =>
      shuffle(table.valuesOf(rtype, host))
        .slice(0, 1)
        .map((ip) => ({ service: asked, host, ip, port })),
    );
  });
  return found.length === 0 ? [{ service: '', host: '', ip: '', port: '' }] : found;
}

/** The settings that say something about the answers; the real list is longer, and has the credentials for Mesos in clear. */
function describeConfig({ serial, domain, ttlSeconds, refreshSeconds, enumeration }: Zone): unknown {
  return {
    RefreshSeconds: refreshSeconds,
    TTL: ttlSeconds,
    SOASerial: serial,
    SOAMname: `ns1.${domain}.`,
    SOARname: `root.ns1.${domain}.`,
    Domain: domain,
    DnsOn: true,
    HttpOn: true,
    EnumerationOn: enumeration.enumerate,
  };
}
