import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { MesosDnsSimulatorError } from '../error.ts';
import { openHttpServer } from '../http/http-server.ts';
import type { MesosDnsSimulator } from '../simulator-interface.ts';
import { controlCommands } from './control-commands.ts';

/** Serves the control API, for other processes and for curl. */
export async function openControlServer(
  simulator: MesosDnsSimulator,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = await openHttpServer(port, undefined, (request, response) => {
    answer(simulator, request, response).catch(() => response.destroy());
  });
  return { url: `http://127.0.0.1:${server.port}`, close: () => server.close() };
}

async function answer(simulator: MesosDnsSimulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://control');
  const send = (status: number, contentType: string, body: string): void => {
    response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  };
  const sendJson = (status: number, value: unknown): void =>
    send(status, 'application/json', `${JSON.stringify(value)}\n`);
  if (pathname === '/')
    return send(200, 'text/plain; charset=utf-8', describeCommands(`http://${request.headers.host}`));
  const body = await text(request);
  const command = controlCommands.find(({ method, path }) => method === request.method && path === pathname);
  if (command === undefined) {
    return sendJson(404, { message: `no command ${request.method} ${pathname}; GET / lists them` });
  }
  try {
    sendJson(200, (await command.run({ simulator, query, body })) ?? {});
  } catch (error) {
    if (!(error instanceof MesosDnsSimulatorError)) throw error;
    sendJson(400, { message: error.message });
  }
}

function describeCommands(url: string): string {
  const lines = controlCommands.map(
    ({ method, path, summary, example }) => `${method} ${path}\n    ${summary}\n    curl ${url}${example}\n`,
  );
  return `Signalbox Mesos-DNS simulator, control API\n\n${lines.join('\n')}`;
}
