import { hostileText, testHostileText } from '@signalbox/testkit/hostile';
import fc from 'fast-check';
import { checkCandidate } from '../src/candidate/check-candidate.ts';
import { createDesiredState } from '../src/desired/desired-state.ts';
import { haproxyOptions } from '../src/options.ts';
import { renderFiles } from '../src/render/config.ts';
import { toSettings } from '../src/settings.ts';
import { noInputs } from './support/inputs.ts';
import { splitWords } from './support/words.ts';

const settings = toSettings(
  haproxyOptions.parse({
    config: '/nowhere/haproxy.cfg',
    listeners: [{ address: '127.0.0.1', port: 80, protocol: 'http' }],
    certificates: { directory: '/nowhere/certificates' },
  }),
);

testHostileText('HAProxy', {
  extensions: fc.record({
    haproxy: fc.oneof(fc.record({ checkHost: hostileText }), fc.dictionary(hostileText, hostileText)),
  }),
  async render(catalog) {
    const { desired } = createDesiredState(settings).update(catalog, noInputs);
    const files = [...renderFiles(desired, settings).values()];
    const refusal = await checkCandidate(desired, settings, new AbortController().signal);
    return {
      files,
      words: files.flatMap(splitWords),
      warnings: desired.warnings,
      refusal: refusal && (refusal.output ?? refusal.message),
    };
  },
});
