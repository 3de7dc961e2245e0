import {
  addBackendCommand,
  backendAddedReply,
  backendPublishedReply,
  deleteBackendCommands,
  publishBackendCommand,
} from '../control/backends.ts';
import { addMapCommand, deleteMapCommand, setMapCommand } from '../control/maps.ts';
import type { Observed } from '../observed/model.ts';
import type { MapPaths } from '../render/files.ts';
import type { Placed } from '../structure/placed-desired.ts';
import { isServiceBackend } from '../structure/spares.ts';
import type { Retirement } from './retirement.ts';
import { type RuntimeChange, type RuntimeStep, servicesOf } from './runtime-change.ts';

export interface BackendDiffOptions {
  readonly placed: Placed;
  readonly paths: MapPaths;
  readonly retirement: Retirement;
}

/** A backend that the process is to be told of, or that it is rid of. Nothing before 3.4. */
export function diffBackend(name: string, observed: Observed, options: BackendDiffOptions): RuntimeChange | undefined {
  if (!observed.addsBackends) return undefined;
  const { placed, retirement } = options;
  const isThere = observed.backends.has(name);
  const wanted = placed.desired.backends.get(name);
  const isWanted = wanted !== undefined && wanted.serviceId !== '';
  const isEmpty = (observed.servers.get(name)?.size ?? 0) === 0;
  if (isWanted || !isThere || !isEmpty || !isServiceBackend(name)) {
    retirement.forgetBackend(name);
    return isWanted && !isThere ? addBackend(name, observed, options) : undefined;
  }
  return retirement.mayDelete(name) ? deleteBackend(name, options) : undefined;
}

/** Its entry in the structure map first: an entry without a backend means nothing, a backend without one is not known again. */
function addBackend(
  name: string,
  { maps }: Observed,
  { placed, paths }: BackendDiffOptions,
): RuntimeChange | undefined {
  const addition = placed.additions.get(name);
  if (addition === undefined) return undefined;
  const { defaults, mode, entry } = addition;
  const build = maps.get('structure')?.has(name) ? setMapCommand : addMapCommand;
  const steps: readonly RuntimeStep[] = [
    { phase: 'create', command: build(paths.structure, name, entry), reply: '' },
    { phase: 'create', command: addBackendCommand(name, defaults, mode), reply: backendAddedReply },
    { phase: 'create', command: publishBackendCommand(name), reply: backendPublishedReply },
  ];
  const services = servicesOf(placed.desired.backends.get(name));
  return {
    change: {
      action: 'runtime',
      target: `backend ${name}`,
      summary: `backend added, with the settings of ${defaults}`,
      services,
    },
    steps,
    backend: name,
  };
}

function deleteBackend(name: string, { paths }: BackendDiffOptions): RuntimeChange {
  const commands = [...deleteBackendCommands(name), deleteMapCommand(paths.structure, name)];
  return {
    change: { action: 'runtime', target: `backend ${name}`, summary: 'backend removed', services: [] },
    steps: commands.map((command) => ({ phase: 'delete', command, reply: undefined })),
    backend: name,
  };
}
