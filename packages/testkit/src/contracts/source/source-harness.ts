import type { Source } from '@signalbox/core';
import type { Waiver } from '../contract.ts';
import type { PluginHarness } from '../plugin/plugin-harness.ts';
import type { SourceTest } from './source-cases.ts';

/**
 * `unreachable`: nothing listens, or the file is gone. `error`: it answers with an error of its own (HTTP 500).
 * `garbage`: it answers with something that is no answer (half a JSON document, a page of a captive portal).
 * `hang`: it accepts, and never answers. `unauthorized`: it refuses the credentials.
 * Each also hits what is connected already, as far as the real upstream would do that.
 */
export type SourceFault = 'unreachable' | 'error' | 'garbage' | 'hang' | 'unauthorized';

/** What the upstream holds: how many endpoints that take traffic each service has, by a part of the service's name. */
export type Population = Readonly<Record<string, number>>;

/** One running upstream, for one test. */
export interface SourceUpstream<Options> {
  /** Valid, with this upstream's address, and with short times: a request may last 500 ms, a resync may take 1 s. */
  readonly options: Options;
  /**
   * Changes the upstream to hold exactly these services: adds, scales and removes. Each becomes one service (one port) whose
   * name contains the key. Endpoints that stay keep their identity. Resolves when the upstream has accepted it.
   */
  setServices(population: Population): Promise<void>;
  /** Lasts until `recover`. Throws for a fault that this upstream cannot have; then waive the tests with the reason. */
  fail(fault: SourceFault): Promise<void>;
  recover(): Promise<void>;
  /** From now on changes are made, but not announced: events are lost. Leave it out where the source only polls. */
  loseEvents?(): Promise<void>;
  /** Secrets in the options, in every spelling in which they travel (a password, `Basic …` in base64). */
  readonly credentials?: readonly string[];
  stop(): Promise<void>;
}

export interface SourceHarness<Options> extends PluginHarness<'source', Options, Source> {
  /** Called for each test. Starts with no services. */
  start(): Promise<SourceUpstream<Options>>;
  /** How long a change may take until it is seen, and a fault until it throws. Default 8000. */
  readonly timeoutMs?: number;
}

export interface SourceContractOptions<Options> extends SourceHarness<Options> {
  readonly skip?: readonly Waiver<SourceTest>[];
}
