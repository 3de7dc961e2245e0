import { type ControlAnswer, openControlServer as openServer } from '../../control/control-server.ts';
import { SimulatorError, type SimulatorErrorCode } from '../error.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';
import { controlCommands } from './control-commands.ts';

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
export function openControlServer(simulator: MarathonSimulator, port: number): ReturnType<typeof openServer> {
  return openServer({ simulator, title: 'Marathon simulator', commands: controlCommands, answerError }, port);
}

function answerError(error: unknown): ControlAnswer | undefined {
  if (!(error instanceof SimulatorError)) return undefined;
  const { code, message, problems } = error;
  return { status: statuses[code], body: { code, message, problems } };
}
