import type { Catalog, Route } from '@signalbox/core';
import { catalogOf } from '@signalbox/testkit';
import { hostileText, testHostileText } from '@signalbox/testkit/hostile';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkCandidate } from '../src/candidate/check-candidate.ts';
import { createDesiredState } from '../src/desired/desired-state.ts';
import { toEntries } from '../src/desired/entries.ts';
import type { NginxMode } from '../src/index.ts';
import { nginxOptions } from '../src/options.ts';
import { renderStructure } from '../src/render/config.ts';
import { renderFiles } from '../src/render/files.ts';
import { toSettings } from '../src/settings.ts';
import { createSinkState, equip } from '../src/sink-state.ts';
import { modes } from './support/bench.ts';
import { splitWords } from './support/words.ts';

const { signal } = new AbortController();

/** Asks nginx once what it can do, and then describes any catalog for it. */
function describer(mode: NginxMode) {
  const listeners = [{ address: '127.0.0.1', port: 14_999, protocol: 'http' as const }];
  const settings = toSettings(nginxOptions.parse({ config: '/nowhere/nginx.conf', mode, listeners }));
  const state = createSinkState(settings);
  return async (catalog: Catalog) => {
    const { abilities, render } = await equip(state, signal);
    const inputs = {
      abilities,
      lookUp: () => undefined,
      occupiedPorts: new Set<number>(),
      refused: new Map(),
      certificates: new Map(),
    };
    const { desired } = createDesiredState(settings).update(catalog, inputs);
    return { desired, render, structure: renderStructure(desired, render) };
  };
}

for (const mode of modes) {
  const describe = describer(mode);
  testHostileText(`nginx, mode ${mode}`, {
    protocols: ['tcp', 'udp'],
    // `nginx -t` binds them.
    ports: { min: 15_000, max: 15_400 },
    // `nginx -t` compiles them, and PCRE refuses some that Node takes.
    matches: ['exact', 'prefix'],
    extensions: fc.record({ nginx: fc.dictionary(hostileText, hostileText) }),
    async render(catalog) {
      const { desired, render, structure } = await describe(catalog);
      const refusal = await checkCandidate(desired, render, signal);
      return {
        files: renderFiles(structure, toEntries(desired), render).values(),
        words: splitWords(structure.config),
        warnings: desired.warnings,
        refusal: refusal && (refusal.output ?? refusal.message),
      };
    },
  });
}

it.each(modes)('mode %s: a regular expression that would define a variable of ours is left out', async (mode) => {
  const routes: Route[] = [{ path: { type: 'regex', value: '/(?<signalbox_target>.*)' } }];
  const hostile = { id: 'test:/a#0', name: '/a', protocol: 'tcp' as const, endpoints: [], labels: {}, routes };
  const { desired, structure } = await describer(mode)(catalogOf([hostile]));
  expect(desired.warnings).toEqual([
    { message: 'a route was left out: a regular expression may not name its groups', service: 'test:/a#0' },
  ]);
  expect(structure.config).not.toContain('(?<signalbox_target>');
});
