import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../ports/listen.ts';
import { type ControlCommand, ControlRequestError } from './control-command.ts';

export interface ControlApi<Simulator> {
  readonly simulator: Simulator;
  /** E.g. `Marathon simulator`. */
  readonly title: string;
  readonly commands: readonly ControlCommand<Simulator>[];
  /** The answer to what the simulator refuses; undefined for an error that is not its own. */
  readonly answerError: (error: unknown) => ControlAnswer | undefined;
}

export interface ControlAnswer {
  readonly status: number;
  readonly body: object;
}

/** Serves the control API of a simulator on the loopback address, for other processes and for curl. */
export async function openControlServer<Simulator>(
  api: ControlApi<Simulator>,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(api, request, response).catch(() => response.destroy());
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

async function answer<Simulator>(
  api: ControlApi<Simulator>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://control');
  const send = (status: number, contentType: string, body: string): void => {
    response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  };
  if (pathname === '/') {
    send(200, 'text/plain; charset=utf-8', describeCommands(api, `http://${request.headers.host}`));
    return;
  }
  const { method = 'GET' } = request;
  const { status, body } = await runCommand(api, { method, pathname, query, body: await text(request) });
  send(status, 'application/json', `${JSON.stringify(body)}\n`);
}

interface Call {
  readonly method: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

async function runCommand<Simulator>(
  { simulator, commands, answerError }: ControlApi<Simulator>,
  { method, pathname, query, body }: Call,
): Promise<ControlAnswer> {
  for (const command of commands) {
    const parameter = matchCommand(command, method, decodeURIComponent(pathname));
    if (parameter === undefined) continue;
    try {
      return { status: 200, body: (await command.run({ simulator, parameter, query, body })) ?? {} };
    } catch (error) {
      if (error instanceof ControlRequestError) {
        return { status: 400, body: { code: 'REQUEST_INVALID', message: error.message } };
      }
      const refusal = answerError(error);
      if (refusal === undefined) throw error;
      return refusal;
    }
  }
  const message = `no command ${method} ${pathname}; GET / lists them`;
  return { status: 404, body: { code: 'COMMAND_UNKNOWN', message } };
}

/** The parameter of the path, empty for a command without; undefined if the request is for another command. */
function matchCommand(
  command: Pick<ControlCommand<never>, 'method' | 'path'>,
  method: string,
  path: string,
): string | undefined {
  if (command.method !== method) return undefined;
  const [before = '', after] = command.path.split(/<[a-z]+>/);
  if (after === undefined) return path === before ? '' : undefined;
  const parameter = path.slice(before.length, path.length - after.length);
  return path === before + parameter + after && parameter !== '' ? parameter : undefined;
}

function describeCommands({ title, commands }: Pick<ControlApi<never>, 'title' | 'commands'>, url: string): string {
  const lines = commands.map(
    ({ method, path, summary, example }) => `${method} ${path}\n    ${summary}\n    curl ${url}${example}\n`,
  );
  return `Signalbox ${title}, control API\n\n${lines.join('\n')}`;
}
