import assert from 'node:assert/strict';
import type { Catalog, Warning } from '@signalbox/core';
import fc from 'fast-check';
import { test } from 'vitest';
import { catalogOf } from '../data/catalog.ts';
import { canary } from './canary.ts';
import { type HostileServiceOptions, hostileService } from './hostile-service.ts';

/** What a sink makes of a catalog, before anything is applied. */
export interface HostileRendering {
  /** All artefacts. */
  readonly files: Iterable<string>;
  /** The words of those in which a word has a meaning, split as the proxy splits them. */
  readonly words: readonly string[];
  readonly warnings: readonly Warning[];
  /** What the proxy's own check says against it; undefined when it takes it. */
  readonly refusal: string | undefined;
}

export interface HostileTextOptions extends HostileServiceOptions {
  /** Renders the catalog as the sink would, and lets the proxy check it. */
  readonly render: (catalog: Catalog) => Promise<HostileRendering>;
  /** Default 60. */
  readonly runs?: number;
}

/** Registers a vitest test: whatever people write into services, no text becomes syntax, and the proxy takes every file. */
export function testHostileText(name: string, { render, runs = 60, ...options }: HostileTextOptions): void {
  test(`${name}: no text of a service becomes a word of its own, and the proxy takes every file`, async () => {
    const services = fc.uniqueArray(hostileService(options), { maxLength: 4, selector: ({ id }) => id });
    await fc.assert(
      fc.asyncProperty(services, async (hostile) => {
        const { files, words, warnings, refusal } = await render(catalogOf(hostile));
        for (const file of files) assert.doesNotMatch(file, /[^\n -~]/, 'a file holds more than printable ASCII');
        assert(words.length > 0, 'the artefacts have no words: the test proves nothing');
        assert(!words.includes(canary), 'text became syntax');
        for (const { message } of warnings) assert.doesNotMatch(message, /[\n\r\0\u2028]/, 'a warning has two lines');
        assert.equal(refusal, undefined, 'the proxy refuses the file');
      }),
      { numRuns: runs },
    );
  });
}
