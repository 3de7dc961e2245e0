import type { Service, Sink } from '@signalbox/core';
import type { Waiver } from '../contract.ts';
import type { PluginHarness } from '../plugin/plugin-harness.ts';
import type { SinkTest } from './sink-cases.ts';

/** One target, for one test: nothing in it yet. */
export interface SinkTarget<Options> {
  /** Valid, for this target, with short times. */
  readonly options: Options;
  /** Everything that makes up the state of the target (files byte for byte, run-time state), without pids and counters. */
  fingerprint(): Promise<string>;
  /** The target's own check refuses everything from now on. */
  failCheck?(): Promise<void>;
  /** Reloads fail from now on, after the check has passed. */
  failReload?(): Promise<void>;
  /** Ends `failCheck` and `failReload`. */
  recover?(): Promise<void>;
  /** Changes the target by another hand, in a way that the sink has to notice. */
  tamper?(): Promise<void>;
  /** Every word of the artefact as the target's own parser splits it; quoted text is one word, comments are none. */
  words?(): Promise<readonly string[]>;
  /** Whether the target serves this service now. */
  serves(service: Service): Promise<boolean>;
  stop(): Promise<void>;
}

export interface SinkHarness<Options> extends PluginHarness<'sink', Options, Sink> {
  /** Called for each test. */
  start(): Promise<SinkTarget<Options>>;
  /** Adds to the sample services what this sink needs in order to show them, for example a free port. Must be pure. */
  prepare?(service: Service): Service;
  /** A service that looks valid, and that the target's own check refuses. */
  refusedService?(): Service;
  /** How long an apply may take. Default 15000. */
  readonly timeoutMs?: number;
}

export interface SinkContractOptions<Options> extends SinkHarness<Options> {
  readonly skip?: readonly Waiver<SinkTest>[];
}
