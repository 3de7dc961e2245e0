import { join } from 'node:path';
import type { Catalog, Service } from '@signalbox/core';
import {
  createLastGood,
  createReloadGate,
  createTargetLock,
  type LastGood,
  type ReloadGate,
  type TargetLock,
} from '@signalbox/sink-kit';
import { type CandidateChecks, createCandidateChecks } from './plan/check-candidate.ts';
import { createTemplates, type Templates } from './render/templates.ts';
import type { Settings } from './settings.ts';

/** What a sink remembers between two plans. Only a cache of reality: everything here can be lost at any moment. */
export interface SinkState {
  readonly settings: Settings;
  readonly templates: Templates;
  readonly checks: CandidateChecks;
  readonly gate: ReloadGate;
  readonly lock: TargetLock;
  readonly lastGood: LastGood;
  /** Hash of what was last seen to be right, by path. */
  readonly settled: Map<string, string>;
  /** Services that are left out, with the reason, until they change. */
  refused: ReadonlyMap<Service, string>;
  /** The last catalog that was planned: the same version again asks for a full look. */
  planned: Catalog | undefined;
  /** Ids of services that differ from what was last seen to be in force; undefined while nobody knows. */
  touched: Set<string> | undefined;
}

export function createSinkState(settings: Settings): SinkState {
  const { minIntervalMs = 0 } = settings.reload ?? {};
  return {
    settings,
    templates: createTemplates(settings.files),
    checks: createCandidateChecks(settings.files),
    gate: createReloadGate({ minIntervalMs }),
    lock: createTargetLock(settings.runDirectory),
    lastGood: createLastGood({ directory: join(settings.runDirectory, 'last-good') }),
    settled: new Map(),
    refused: new Map(),
    planned: undefined,
    touched: undefined,
  };
}
