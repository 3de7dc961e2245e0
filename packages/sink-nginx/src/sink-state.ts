import { join } from 'node:path';
import { SinkError } from '@signalbox/core';
import {
  type CertificateStore,
  createCertificateStore,
  createDesiredFit,
  createFileFollower,
  createLastGood,
  createOwnedConfig,
  createReloadGate,
  createStructureSwap,
  createTargetLock,
  createWriterId,
  type DesiredFit,
  type FileFollower,
  type OwnedConfig,
  type StructureSwap,
  type TargetLock,
  toGateOptions,
} from '@signalbox/sink-kit';
import { writeFiles } from './apply/write-files.ts';
import { type Candidate, createCandidateJudge } from './candidate/judge.ts';
import { checkWithNginx } from './certificates/check-certificates.ts';
import { readCopies } from './certificates/read-copies.ts';
import { type ControlSocket, createControlSocket } from './control/control-socket.ts';
import { inspectProgram, type Program } from './control/program.ts';
import type { Abilities } from './desired/describe-service.ts';
import { createDesiredState, type DesiredState } from './desired/desired-state.ts';
import type { Entries } from './desired/entries.ts';
import { createEntryKeeper, type EntryKeeper } from './desired/entry-keeper.ts';
import { configReader } from './observed/config-reader.ts';
import type { Observed } from './observed/look-at-target.ts';
import type { RenderOptions, Structure } from './render/config.ts';
import { editedConfigPath, snapshotPath } from './render/files.ts';
import { createSnapshotRenderer, type SnapshotRenderer } from './render/snapshot.ts';
import { hasTls } from './render/tls.ts';
import { controlSocketPath, type Settings } from './settings.ts';

/** What a sink remembers between two plans. Only a cache of reality: everything here can be lost at any moment. */
export interface SinkState {
  readonly settings: Settings;
  readonly desiredState: DesiredState;
  readonly fit: DesiredFit<Candidate>;
  readonly entryKeeper: EntryKeeper;
  readonly renderSnapshot: SnapshotRenderer;
  readonly follower: FileFollower;
  readonly config: OwnedConfig;
  readonly swap: StructureSwap;
  readonly lock: TargetLock;
  readonly control: ControlSocket;
  /** Undefined when no listener speaks TLS. */
  readonly certificates: CertificateStore | undefined;
  /** nginx as we left it; undefined while nobody knows. */
  known: Observed | undefined;
  /** The structure that we brought into force, with what it was made of. */
  running: { readonly hash: string; readonly entries: Entries; readonly ports: readonly number[] } | undefined;
  /** Set when something was seen from outside, so that the next plan trusts nothing. */
  lookAgain: boolean;
  /** The last catalog that was planned: the same version again asks for a full look. */
  catalogVersion: number | undefined;
  /** Upstreams that may differ from what was last verified. */
  readonly touched: Set<string>;
  /** The structure whose routes and ports were last verified. */
  routesVersion: number | undefined;
  /** What was last rendered. */
  rendered: { readonly version: number; readonly structure: Structure } | undefined;
  /** Rises with every batch; with {@link writerId} it makes a generation that nobody else leaves. */
  revision: number;
  readonly writerId: string;
  /** What nginx can do, asked once. */
  equipment: Promise<Equipment> | undefined;
}

/** What the program can do, and what follows for us. */
export interface Equipment {
  readonly program: Program;
  readonly abilities: Abilities;
  readonly render: RenderOptions;
  /** Why it is the mode without Lua, although nobody asked for it. */
  readonly warning: string | undefined;
}

export function createSinkState(settings: Settings): SinkState {
  const { configPath, runDirectory } = settings;
  const follower = createFileFollower({ guardedPath: configPath, write: writeFiles });
  return {
    settings,
    desiredState: createDesiredState(settings),
    entryKeeper: createEntryKeeper(),
    renderSnapshot: createSnapshotRenderer(),
    fit: createDesiredFit({ bindAddress: settings.bindAddress, judge: createCandidateJudge() }),
    follower,
    config: createOwnedConfig({
      path: configPath,
      editedPath: editedConfigPath(settings),
      reader: configReader,
      follower,
    }),
    lock: createTargetLock(runDirectory),
    control: createControlSocket(controlSocketPath(runDirectory)),
    swap: createStructureSwap({
      proxy: 'nginx',
      log: 'the error log of nginx in the run directory',
      gate: createReloadGate(toGateOptions(settings.reload)),
      lastGood: createLastGood({ directory: join(runDirectory, 'last-good') }),
    }),
    certificates: createCertificates(settings),
    known: undefined,
    running: undefined,
    lookAgain: false,
    catalogVersion: undefined,
    touched: new Set(),
    routesVersion: undefined,
    rendered: undefined,
    revision: 0,
    writerId: createWriterId(),
    equipment: undefined,
  };
}

function createCertificates(settings: Settings): CertificateStore | undefined {
  if (settings.certificates === undefined || !hasTls(settings)) return undefined;
  return createCertificateStore({
    directory: settings.certificates.directory,
    proxy: 'nginx',
    readCopies: () => readCopies(snapshotPath(settings)),
    check: (certificates, signal) => checkWithNginx(settings.program, certificates, signal),
  });
}

/** @throws {SinkError} SINK_UNREACHABLE without a program; SINK_REFUSED when it is too old, or lacks the mode that was asked for. */
export async function equip(state: SinkState, signal: AbortSignal): Promise<Equipment> {
  state.equipment ??= inspectProgram(state.settings.program, signal).then((program) =>
    chooseMode(state.settings, program),
  );
  try {
    return await state.equipment;
  } catch (error) {
    // Installed meanwhile, perhaps.
    state.equipment = undefined;
    throw error;
  }
}

function chooseMode(settings: Settings, program: Program): Equipment {
  const problem = 'problem' in program.lua ? program.lua.problem : undefined;
  if (settings.mode === 'lua' && problem !== undefined) {
    throw new SinkError(`nginx cannot load what \`mode: lua\` needs: ${problem}`, {
      code: 'SINK_REFUSED',
      hint: 'on Debian, install libnginx-mod-http-lua and lua-cjson; or set `mode: reload`',
    });
  }
  const hasLua = settings.mode !== 'reload' && problem === undefined;
  const hasStream = program.stream !== undefined;
  const luaModules = hasLua && 'modules' in program.lua ? program.lua.modules : [];
  return {
    program,
    abilities: { hasLua, hasStream },
    render: {
      settings,
      mode: hasLua ? 'lua' : 'reload',
      modules: [...luaModules, ...(program.stream ?? [])],
      keepsIdleConnections: program.keepsIdleConnections,
      hasStubStatus: program.hasStubStatus,
      hasHttp2Directive: program.hasHttp2Directive,
    },
    warning:
      settings.mode === 'auto' && problem !== undefined
        ? `nginx is reloaded for each change, since its Lua module does not load: ${problem}`
        : undefined,
  };
}
