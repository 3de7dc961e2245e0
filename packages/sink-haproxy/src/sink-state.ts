import { join } from 'node:path';
import {
  type ClientAuthorityStore,
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
  writeFileSet,
} from '@signalbox/sink-kit';
import { createCandidateJudge } from './candidate/judge.ts';
import { type CertificateKeeper, createCertificateKeeper } from './certificates/certificate-keeper.ts';
import { createClientAuthorities } from './certificates/client-authorities.ts';
import { createManagedProcess, type ManagedProcess } from './control/managed-process.ts';
import { createRuntimeSession, type RuntimeSession } from './control/runtime-session.ts';
import { createDesiredState, type DesiredState } from './desired/desired-state.ts';
import type { Desired } from './desired/model.ts';
import { configReader } from './observed/config-reader.ts';
import { type MarkedProcess, readMark } from './observed/mark.ts';
import type { Observed } from './observed/model.ts';
import type { Running } from './observed/running.ts';
import { createRefill, type Refill } from './plan/refill.ts';
import { createRefusals, type Refusals } from './plan/refusals.ts';
import { createRetirement, type Retirement } from './plan/retirement.ts';
import { editedConfigPath, type MapPaths, mapPaths } from './render/files.ts';
import type { Settings } from './settings.ts';
import type { Placer } from './structure/placer.ts';
import { createPlacer } from './structure/placer.ts';

/** What a sink remembers between two plans. Only a cache of reality: everything here can be lost at any moment. */
export interface SinkState {
  readonly settings: Settings;
  readonly paths: MapPaths;
  readonly desiredState: DesiredState;
  readonly fit: DesiredFit<Desired>;
  readonly placer: Placer;
  readonly retirement: Retirement;
  readonly refusals: Refusals;
  readonly refill: Refill;
  readonly follower: FileFollower;
  readonly config: OwnedConfig;
  readonly swap: StructureSwap;
  readonly lock: TargetLock;
  /** Each use begins with the mark of the process that answers. */
  readonly session: RuntimeSession<MarkedProcess>;
  /** Undefined when the sink has no certificates. */
  readonly certificates: CertificateKeeper | undefined;
  /** Undefined when no client is asked for a certificate. */
  readonly clientAuthorities: ClientAuthorityStore | undefined;
  readonly managed: ManagedProcess | undefined;
  /** The process as we left it; undefined while nobody knows. */
  known: Observed | undefined;
  /** What the process runs, in the form of a desired state: the files follow this. */
  running: Running | undefined;
  /** Set when something was seen from outside, so that the next plan trusts nothing. */
  lookAgain: boolean;
  /** Set when the next plan of the same catalog is for retiring servers that are due, and not for a full look. */
  stepDue: boolean;
  /** The last catalog that was planned: the same version again asks for a full look. */
  catalogVersion: number | undefined;
  /** Backends that may differ from what was last verified. */
  readonly touched: Set<string>;
  /** The structure whose maps were last verified. */
  mapsVersion: number | undefined;
  /** Rises with every transaction; with {@link writerId} it makes a revision that nobody else leaves. */
  revision: number;
  readonly writerId: string;
}

export function createSinkState(settings: Settings): SinkState {
  const { runDirectory, configPath, masterSocket, runtimeSocket, program } = settings;
  const paths = mapPaths(runDirectory);
  const session = createRuntimeSession({
    socketPath: runtimeSocket,
    greet: (connection) => readMark(connection, paths),
    trustMs: settings.trustMarkMs,
  });
  const follower = createFileFollower({
    guardedPath: configPath,
    write: (files) => writeFileSet([...files].map(([path, content]) => ({ path, content }))),
  });
  return {
    settings,
    paths,
    desiredState: createDesiredState(settings),
    fit: createDesiredFit({ bindAddress: settings.bindAddress, judge: createCandidateJudge(settings) }),
    certificates: createCertificateKeeper(settings, session),
    clientAuthorities: createClientAuthorities(settings),
    placer: createPlacer(settings),
    retirement: createRetirement(settings),
    refusals: createRefusals(),
    refill: createRefill(settings.refillSparesAfterMs),
    follower,
    config: createOwnedConfig({
      path: configPath,
      editedPath: editedConfigPath(runDirectory),
      reader: configReader,
      follower,
    }),
    lock: createTargetLock(runDirectory),
    session,
    swap: createStructureSwap({
      proxy: 'HAProxy',
      log: 'the log of HAProxy',
      gate: createReloadGate(toGateOptions(settings.reload)),
      lastGood: createLastGood({ directory: join(runDirectory, 'last-good') }),
    }),
    managed:
      settings.manage === undefined
        ? undefined
        : createManagedProcess({ program, configPath, runDirectory, masterSocketPath: masterSocket }),
    known: undefined,
    running: undefined,
    lookAgain: false,
    stepDue: false,
    catalogVersion: undefined,
    touched: new Set(),
    mapsVersion: undefined,
    revision: 0,
    writerId: createWriterId(),
  };
}
