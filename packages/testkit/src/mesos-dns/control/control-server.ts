import { type ControlAnswer, openControlServer as openServer } from '../../control/control-server.ts';
import { MesosDnsSimulatorError } from '../error.ts';
import type { MesosDnsSimulator } from '../simulator-interface.ts';
import { controlCommands } from './control-commands.ts';

/** Serves the control API, for other processes and for curl. */
export function openControlServer(simulator: MesosDnsSimulator, port: number): ReturnType<typeof openServer> {
  return openServer({ simulator, title: 'Mesos-DNS simulator', commands: controlCommands, answerError }, port);
}

function answerError(error: unknown): ControlAnswer | undefined {
  if (!(error instanceof MesosDnsSimulatorError)) return undefined;
  return { status: 400, body: { code: 'REQUEST_INVALID', message: error.message } };
}
