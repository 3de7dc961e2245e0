import { describe, expect, test } from 'vitest';
import { describeSinkContract } from '../../src/contracts/sink/describe-sink.ts';
import { sinkCases } from '../../src/contracts/sink/sink-cases.ts';
import { memorySink } from '../../src/doubles/memory-sink.ts';
import { fileHarness, quote, render, type SinkFlaws } from './file-sink.ts';
import { memoryHarness } from './memory-harness.ts';

describeSinkContract('a sink without flaws', fileHarness());

describeSinkContract('the memory sink', {
  ...memoryHarness(memorySink),
  skip: [
    { test: 'leaves the target as it was when the check fails', reason: 'a map in memory has no check' },
    { test: 'restores the last good state when the reload fails', reason: 'a map in memory has no reload' },
    { test: 'leaves out only the service that the check refuses', reason: 'a map in memory has no check' },
    {
      test: 'lets no name, label, host, path or address add a directive',
      reason: 'a map in memory has no text that is parsed',
    },
  ],
});

/** What each flaw breaks: the case has to reject, with this in its message. */
const broken: readonly [flaw: string, flaws: SinkFlaws, test: keyof typeof sinkCases, message: RegExp][] = [
  ['writes when it plans', { writesWhenItPlans: true }, 'touches nothing when it plans', /planning changed/],
  ['plans for ever', { render: () => `${Math.random()}` }, 'plans nothing after it applied', /is not empty/],
  ['only remembers', { servesNothing: true }, 'plans nothing after it applied', /not empty|not served/],
  [
    'cannot be empty',
    { render: (services) => render(services.slice(0, 1)) },
    'plans nothing after it applied',
    /served/,
  ],
  [
    'writes a time stamp',
    { render: (services) => `${render(services)}# ${performance.now()}` },
    'changes nothing when an empty plan is applied',
    /.*/,
  ],
  [
    'depends on the order',
    { render: (services) => services.map(({ id }) => quote(id)).join('\n') },
    'gives the same target for any order of services and keys',
    /is not empty/,
  ],
  [
    'depends on the order of keys',
    {
      render: (services) =>
        services
          .map((item) => quote(JSON.stringify(item.labels)))
          .sort()
          .join('\n'),
    },
    'gives the same target for any order of services and keys',
    /is not empty/,
  ],
  ['speaks vaguely', { vagueChanges: true }, 'says what it changes, and for which services', /is not one line/],
  ['leaves a timer', { leavesTimer: true }, 'leaves nothing open when it is disposed', /left open: .*Timeout/],
  [
    'writes before it checks',
    { writesBeforeTheCheck: true },
    'leaves the target as it was when the check fails',
    /changed the target/,
  ],
  ['does not roll back', { skipsRollback: true }, 'restores the last good state when the reload fails', /not restored/],
  [
    'fails as a whole',
    { failsAsAWhole: true },
    'leaves out only the service that the check refuses',
    /checking the candidate/,
  ],
  [
    'trusts its memory',
    { trustsItsMemory: true },
    'finds out that the target was changed by another hand',
    /not noticed/,
  ],
  [
    'appends to whatever it finds',
    { appends: true },
    'does not apply a plan blindly when the target changed since',
    /is not empty/,
  ],
  [
    'writes in pieces',
    { writesInPieces: true },
    'leaves old or new, never between, when an apply is aborted',
    /half done/,
  ],
  [
    'escapes nothing',
    {
      render: (services) =>
        services
          .map(({ id, name }) => `${quote(id)} ${name}\n`)
          .sort()
          .join(''),
    },
    'lets no name, label, host, path or address add a directive',
    /text became syntax/,
  ],
  [
    'loses text that cannot be written',
    {
      render: (services) =>
        services
          .map(({ id, name }) => `${quote(id)} "${name.replaceAll('"', '')}\n`)
          .sort()
          .join(''),
    },
    'lets no name, label, host, path or address add a directive',
    /is not empty/,
  ],
];

describe('the contract finds a sink that', () => {
  test.each(broken)('%s', async (_, flaws, title, message) => {
    await expect(sinkCases[title](fileHarness(flaws))).rejects.toThrow(message);
  });
});
