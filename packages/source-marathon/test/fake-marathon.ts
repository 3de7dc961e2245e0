import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface RawApp extends Record<string, unknown> {
  id: string;
  tasks: Record<string, unknown>[];
}

type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => boolean | undefined;

/** One Marathon node with exactly as much behaviour as these tests look at, and a place to answer anything else. */
export interface FakeMarathon {
  readonly url: string;
  readonly authority: string;
  apps: RawApp[];
  /** Undefined for a Marathon that has no pods. */
  pods: { readonly id: string }[] | undefined;
  leader: string | undefined;
  attach: boolean;
  /** Path in front of `/v2`, as behind a DC/OS router. */
  prefix: string;
  /** Asked first; answers itself when it returns true. */
  handle: Handler | undefined;
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  readonly streamCount: number;
  readonly socketCount: number;
  emit(eventType: string, data: object): void;
  /** Ends all event streams, as a master that stops to lead does. */
  closeStreams(): void;
  stop(): Promise<void>;
}

export async function startFakeMarathon(apps: RawApp[] = []): Promise<FakeMarathon> {
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const requests: FakeMarathon['requests'] = [];
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    requests.push({ path: url, headers });
    const path = url.startsWith(fake.prefix) ? url.slice(fake.prefix.length) : '/outside';
    if (fake.handle?.(request, response, path)) return;
    if (path.startsWith('/v2/events')) return openEvents(request, response);
    if (path.startsWith('/v2/apps?')) return json(response, 200, { apps: fake.apps }, request);
    if (path === '/v2/info') return json(response, 200, { name: 'marathon', version: '1.11.0' });
    if (path === '/v2/leader') {
      return fake.leader === undefined
        ? json(response, 404, { message: 'There is no leader' })
        : json(response, 200, { leader: fake.leader });
    }
    if (path === '/v2/pods/::status' && fake.pods !== undefined) return json(response, 200, fake.pods, request);
    const podId = /^\/v2\/pods(\/[^?]*)::status$/.exec(path)?.[1];
    if (podId !== undefined && fake.pods !== undefined) {
      const pod = fake.pods.find((candidate) => candidate.id === podId);
      return pod === undefined
        ? json(response, 404, { message: `Pod '${podId}' does not exist` })
        : json(response, 200, pod);
    }
    const id = /^\/v2\/apps(\/[^?]*)/.exec(path)?.[1];
    const app = fake.apps.find((candidate) => candidate.id === id);
    if (app !== undefined) return json(response, 200, { app });
    json(response, 404, { message: id === undefined ? `URI not found: ${path}` : `App '${id}' does not exist` });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  const openEvents = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.headers.accept !== 'text/event-stream') return void response.writeHead(405).end();
    response.writeHead(200, { 'content-type': 'text/event-stream;charset=utf-8', connection: 'close' });
    response.flushHeaders();
    streams.add(response);
    response.on('close', () => streams.delete(response));
    if (fake.attach) send(response, 'event_stream_attached', { remoteAddress: '127.0.0.1' });
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeMarathon = {
    url: `http://127.0.0.1:${port}`,
    authority: `127.0.0.1:${port}`,
    apps,
    pods: undefined,
    leader: undefined,
    attach: true,
    prefix: '',
    handle: undefined,
    requests,
    get streamCount() {
      return streams.size;
    },
    get socketCount() {
      return sockets.size;
    },
    emit(eventType, data) {
      for (const stream of streams) send(stream, eventType, data);
    },
    closeStreams() {
      for (const stream of streams) stream.end();
    },
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => (server.listening ? server.once('close', resolve) : resolve()));
    },
  };
  return fake;
}

export function json(response: ServerResponse, status: number, value: unknown, request?: IncomingMessage): void {
  const body = Buffer.from(JSON.stringify(value));
  const zipped = request?.headers['accept-encoding'] === 'gzip';
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(zipped && { 'content-encoding': 'gzip' }),
  });
  response.end(zipped ? gzipSync(body) : body);
}

function send(stream: ServerResponse, eventType: string, data: object): void {
  const body = JSON.stringify({ ...data, eventType, timestamp: new Date().toISOString() });
  stream.write(`event: ${eventType}\r\ndata: ${body}\r\n\r\n`);
}

/** A bridged app with one HTTP port, one task for each of the agent ports. */
export function rawApp(id: string, ports: readonly number[], more: Record<string, unknown> = {}): RawApp {
  return {
    id,
    version: '2020-03-02T09:00:00.000Z',
    instances: ports.length,
    labels: { HAPROXY_GROUP: 'external' },
    networks: [{ mode: 'container/bridge' }],
    container: {
      portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 10_000, name: 'web', protocol: 'tcp' }],
    },
    deployments: [],
    tasks: ports.map((port) => rawTask(id, port)),
    ...more,
  };
}

export function rawTask(id: string, port: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: taskIdOf(id, port),
    appId: id,
    host: '10.0.0.1',
    ports: [port],
    state: 'TASK_RUNNING',
    startedAt: '2020-03-02T09:00:05.000Z',
    version: '2020-03-02T09:00:00.000Z',
    ...more,
  };
}

export function taskIdOf(id: string, port: number): string {
  return `${id.slice(1).replaceAll('/', '_')}.instance-${port}._app.1`;
}
