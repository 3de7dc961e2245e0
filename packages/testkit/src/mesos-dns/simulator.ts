import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Cluster } from './cluster/cluster.ts';
import type { MesosState } from './cluster/mesos-state.ts';
import { openControlServer } from './control/control-server.ts';
import { answerQuestion, refuseQuestion } from './dns/answer-question.ts';
import { type DnsListener, decodeQuery, openDnsServer } from './dns/dns-server.ts';
import { Faults } from './fault.ts';
import { answerRequest } from './http/answer-request.ts';
import { disturbAnswer } from './http/disturb-answer.ts';
import { type HttpListener, openHttpServer } from './http/http-server.ts';
import type { MesosDnsSimulatorOptions } from './options.ts';
import { createRecords } from './records/create-records.ts';
import { RecordTable } from './records/record-table.ts';
import { defaultIpSources } from './records/task-addresses.ts';
import type { MesosDnsSimulator } from './simulator-interface.ts';
import type { Zone } from './zone.ts';

const host = '127.0.0.1';

/** Starts a Mesos-DNS on free ports of the loopback address; whoever starts it closes it. */
export async function createMesosDnsSimulator(options: MesosDnsSimulatorOptions = {}): Promise<MesosDnsSimulator> {
  const { masters = ['127.0.0.1:5050'], domain = 'mesos', refreshMs = 50, enumeration = 'on' } = options;
  const cluster = new Cluster(
    options.agents ?? ['10.0.1.10', '10.0.1.11', '10.0.1.12'],
    masters[0] ?? '127.0.0.1:5050',
  );
  const faults = new Faults();
  const requests = { http: [] as string[], dns: [] as string[] };
  let state: MesosState | undefined = options.state;
  let zone: Zone = {
    table: new RecordTable(),
    serial: 0,
    domain,
    ttlSeconds: options.ttlSeconds ?? 60,
    refreshSeconds: options.refreshSeconds ?? 60,
    enumeration: { enumerate: enumeration !== 'off', axfr: enumeration === 'on' },
  };
  const recordOptions = { domain, masters, ipSources: options.ipSources ?? defaultIpSources, ownAddresses: [host] };
  const refresh = (): void => {
    if (faults.get('freeze') !== undefined) return;
    const table = createRecords(state ?? cluster.describe(), recordOptions);
    zone = { ...zone, table, serial: Math.floor(Date.now() / 1_000) };
  };
  const current = (): Zone => (faults.get('not-loaded') === undefined ? zone : { ...zone, table: new RecordTable() });

  const answerHttp = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.http.push(request.url ?? '');
    if (faults.get('hang') !== undefined) return;
    await wait(faults.get('slow')?.delayMs ?? 0, undefined, { ref: false });
    const { status, contentType, body } = disturbAnswer(
      request,
      answerRequest(request, current()),
      faults,
      options.credentials,
    );
    response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  const answerDns = async (packet: Buffer, transport: 'udp' | 'tcp'): Promise<Buffer | undefined> => {
    const query = decodeQuery(packet);
    if (query === undefined) return undefined;
    const [question] = query.questions ?? [];
    requests.dns.push(`${transport} ${question?.type} ${question?.name}`);
    if (faults.get('hang') !== undefined || (transport === 'udp' && faults.get('drop-udp') !== undefined))
      return undefined;
    await wait(faults.get('slow')?.delayMs ?? 0, undefined, { ref: false });
    if (faults.get('garbage') !== undefined) return Buffer.from('this is no DNS message');
    if (faults.get('status') !== undefined || faults.get('unauthorized') !== undefined) return refuseQuestion(query);
    return answerQuestion(query, current(), { transport, setsTruncateBit: options.setsTruncateBit ?? true });
  };

  refresh();
  let http: HttpListener | undefined = await openHttpServer(options.httpPort ?? 0, options.tls, answerHttp);
  let dns: DnsListener | undefined = await openDnsServer(options.dnsPort ?? 0, answerDns);
  const ports = { http: http.port, dns: dns.port };
  const timer = refreshMs === 0 ? undefined : setInterval(refresh, refreshMs);
  timer?.unref();

  const stopListening = async (): Promise<void> => {
    const open = [http, dns];
    http = undefined;
    dns = undefined;
    await Promise.all(open.map((listener) => listener?.close()));
  };
  let control: { readonly url: string; close(): Promise<void> } | undefined;
  const simulator: MesosDnsSimulator = {
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}:${ports.http}`,
    dnsServer: `${host}:${ports.dns}`,
    get controlUrl() {
      return control?.url;
    },
    requests,
    launch: (definition) => cluster.launch(definition),
    end: (taskId) => cluster.end(taskId),
    setRegistered: (agent, registered) => cluster.setRegistered(agent, registered),
    failOver: (leader) => cluster.failOver(leader),
    setState(next) {
      state = next;
    },
    refresh,
    async setFault(fault) {
      faults.set(fault);
      if (fault.kind === 'refuse') await stopListening();
    },
    async clearFaults() {
      faults.clear();
      http ??= await openHttpServer(ports.http, options.tls, answerHttp);
      dns ??= await openDnsServer(ports.dns, answerDns);
    },
    async close() {
      clearInterval(timer);
      await stopListening();
      await control?.close();
      control = undefined;
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
  if (options.control !== undefined && options.control !== false) {
    control = await openControlServer(simulator, options.control === true ? 0 : options.control.port);
  }
  return simulator;
}
