import type { Plugin, PluginKind } from '@signalbox/core';

/** What every plugin says about itself, whatever its kind. */
export interface PluginHarness<Kind extends PluginKind, Options, Instance> {
  readonly plugin: Plugin<Kind, Options, Instance>;
  /** The type that the package's name, or the entry's name, promises: `marathon` for `@signalbox/source-marathon`. */
  readonly packageType: string;
  /** Imports the entry that the CLI loads, e.g. `() => import('./index.ts')`. */
  readonly load: () => Promise<{ readonly default?: unknown }>;
}

/** A harness of any kind, together with options that are valid. */
export interface PluginSubject {
  readonly kind: PluginKind;
  // biome-ignore lint/suspicious/noExplicitAny: options are opaque here, and are only handed back to their own plugin
  readonly plugin: Plugin<PluginKind, any, unknown>;
  readonly packageType: string;
  readonly load: () => Promise<{ readonly default?: unknown }>;
  /** Evaluates the modules anew, as far as the test runner can. */
  readonly loadAgain: () => Promise<unknown>;
  /** Calls back with valid options, and releases what they need afterwards. */
  readonly withOptions: (body: (options: object) => Promise<void>) => Promise<void>;
}
