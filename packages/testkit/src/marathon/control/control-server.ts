import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../ports/listen.ts';
import { SimulatorError, type SimulatorErrorCode } from '../error.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';
import { type ControlCommand, controlCommands } from './control-commands.ts';

const statuses: Readonly<Record<SimulatorErrorCode, number>> = {
  APP_EXISTS: 409,
  APP_LOCKED: 409,
  APP_UNKNOWN: 404,
  AGENT_UNKNOWN: 404,
  TASK_UNKNOWN: 404,
  POD_UNKNOWN: 404,
  DEFINITION_INVALID: 422,
  REQUEST_INVALID: 400,
  NOT_SETTLED: 504,
};

/** Serves the control API, for other processes and for curl. */
export async function openControlServer(
  simulator: MarathonSimulator,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(simulator, request, response).catch(() => response.destroy());
  });
  const url = `http://127.0.0.1:${await listen(server, { host: '127.0.0.1', port })}`;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(simulator: MarathonSimulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://control');
  const send = (status: number, contentType: string, body: string) => {
    response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  };
  const sendJson = (status: number, value: unknown) => send(status, 'application/json', `${JSON.stringify(value)}\n`);
  if (pathname === '/') {
    send(200, 'text/plain; charset=utf-8', describeCommands(`http://${request.headers.host}`));
    return;
  }
  const body = await text(request);
  for (const command of controlCommands) {
    const parameter = matchCommand(command, request.method ?? 'GET', decodeURIComponent(pathname));
    if (parameter === undefined) continue;
    try {
      sendJson(200, (await command.run({ simulator, parameter, query, body })) ?? {});
    } catch (error) {
      if (!(error instanceof SimulatorError)) throw error;
      sendJson(statuses[error.code], { code: error.code, message: error.message, problems: error.problems });
    }
    return;
  }
  sendJson(404, { code: 'COMMAND_UNKNOWN', message: `no command ${request.method} ${pathname}; GET / lists them` });
}

/** The parameter of the path, empty for a command without; undefined if the request is for another command. */
function matchCommand(command: ControlCommand, method: string, path: string): string | undefined {
  if (command.method !== method) return undefined;
  const [before = '', after] = command.path.split(/<[a-z]+>/);
  if (after === undefined) return path === before ? '' : undefined;
  const parameter = path.slice(before.length, path.length - after.length);
  return path === before + parameter + after && parameter !== '' ? parameter : undefined;
}

function describeCommands(url: string): string {
  const lines = controlCommands.map(
    ({ method, path, summary, example }) => `${method} ${path}\n    ${summary}\n    curl ${url}${example}\n`,
  );
  return `Signalbox Marathon simulator, control API\n\n${lines.join('\n')}`;
}
