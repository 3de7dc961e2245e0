import { SourceError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { describeSourceContract } from '../../src/contracts/source/describe-source.ts';
import { sourceCases } from '../../src/contracts/source/source-cases.ts';
import { endpoint } from '../../src/data/endpoint.ts';
import { type Flaws, lineHarness, readAnswer, toServices } from './line-source.ts';

describeSourceContract('a source without flaws', lineHarness());

/** What each flaw breaks: the case has to reject, with this in its message. */
const broken: readonly [flaw: string, flaws: Flaws, test: keyof typeof sourceCases, message: RegExp][] = [
  [
    'forgets the source in ids',
    { toServices: (population, context) => toServices(population, { ...context, id: 'x' }) },
    'yields the complete set, as plain data with stable ids',
    /does not begin with the id/,
  ],
  [
    'gives two services one id',
    {
      toServices: (population, context) =>
        toServices(population, context).map((item) => ({ ...item, id: 'contract:x#0' })),
    },
    'yields the complete set, as plain data with stable ids',
    /two services have the id/,
  ],
  [
    'yields dates',
    {
      toServices: (population, context) =>
        toServices(population, context).map((item) => ({ ...item, metadata: { at: new Date() as never } })),
    },
    'yields the complete set, as plain data with stable ids',
    /not a plain object/,
  ],
  [
    'yields port 0',
    {
      toServices: (population, context) =>
        toServices(population, context).map((item) => ({
          ...item,
          endpoints: item.endpoints.map((one) => ({ ...one, port: 0 })),
        })),
    },
    'yields the complete set, as plain data with stable ids',
    /has the port 0/,
  ],
  [
    'yields in no order',
    {
      toServices: everyOtherWay(),
    },
    'yields the same set, in the same order, for the same upstream',
    /do not agree/,
  ],
  [
    'yields only what changed',
    { toServices: differences() },
    'shows a service that is added, and keeps the others',
    /not met after|was missing/,
  ],
  [
    'makes up ids of endpoints',
    {
      toServices: (population, context) =>
        toServices(population, context).map((item) => ({
          ...item,
          endpoints: item.endpoints.map((one) => endpoint({ ...one, id: `${one.id}-${Math.random()}` })),
        })),
    },
    'shows a service that is scaled, and keeps the ids of endpoints that stay',
    /lost its id/,
  ],
  ['never looks again', { neverResyncs: true, ignoresSilence: true }, 'repairs events that were lost', /not met after/],
  [
    'takes an error for an empty upstream',
    { readAnswer: (line) => (line.startsWith('{') ? JSON.parse(line) : {}) },
    'throws when the upstream answers with garbage at the start',
    /to throw|a set was yielded/,
  ],
  [
    'takes an error for an empty upstream later',
    {
      readAnswer: (line) => (line.startsWith('{') ? JSON.parse(line) : {}),
    },
    'throws when the upstream begins to answer with errors',
    /taken for an empty upstream/,
  ],
  [
    'throws errors of another kind',
    {
      readAnswer: (line) => {
        try {
          return readAnswer(line);
        } catch {
          throw new SourceError('odd', { code: 'SOURCE_TIMEOUT' });
        }
      },
    },
    'throws when the upstream begins to answer with garbage',
    /has the code SOURCE_TIMEOUT/,
  ],
  [
    'says that a wrong password may become right',
    {
      readAnswer: (line) => {
        if (line === 'null') throw new SourceError('no', { code: 'SOURCE_UNAUTHORIZED', retryable: true });
        return readAnswer(line);
      },
    },
    'throws when the upstream refuses the credentials at the start',
    /about trying again/,
  ],
  ['waits for ever', { ignoresSilence: true }, 'throws when the upstream begins to hang', /to throw/],
  [
    'goes on when it is aborted',
    { ignoresAbort: true },
    'ends when it is aborted while it waits for changes',
    /goes on/,
  ],
  ['starts although it is aborted', { ignoresAbort: true }, 'ends when it is aborted before it starts', /goes on/],
  [
    'fetches on although it is aborted',
    { ignoresAbort: true, ignoresSilence: true },
    'ends when it is aborted while it fetches',
    /goes on/,
  ],
  [
    'takes an abort for an error',
    { throwsWhenAborted: true },
    'ends when it is aborted while it waits for changes',
    /aborting is not an error/,
  ],
  [
    'leaves its socket open',
    { leavesSocketOpen: true },
    'leaves nothing open when its iterator is closed',
    /left open: .*TCPSocketWrap/,
  ],
  ['logs its password', { logsPassword: true }, 'shows its credentials in no set and no log', /is shown/],
  [
    'puts its password into errors',
    {
      readAnswer: (line, { password }) => {
        try {
          return readAnswer(line);
        } catch {
          throw new SourceError('reading', {
            code: 'SOURCE_BAD_RESPONSE',
            cause: new Error('x', { cause: { headers: { password } } }),
          });
        }
      },
    },
    'shows its credentials in no error',
    /is shown/,
  ],
];

/** The other way round every second time. */
function everyOtherWay(): NonNullable<Flaws['toServices']> {
  let calls = 0;
  return (population, context) => {
    calls += 1;
    return calls % 2 === 0 ? toServices(population, context).reverse() : toServices(population, context);
  };
}

/** Forgets, for each watch, nothing but what it has yielded already. */
function differences(): NonNullable<Flaws['toServices']> {
  const known = new Set<string>();
  return (population, context) => {
    const fresh = toServices(population, context).filter(({ id }) => !known.has(id));
    for (const { id } of fresh) known.add(id);
    return fresh;
  };
}

describe('the contract finds a source that', () => {
  test.each(broken)('%s', async (_, flaws, title, message) => {
    await expect(sourceCases[title](lineHarness(flaws))).rejects.toThrow(message);
  });
});
