import type { Service } from '@signalbox/core';
import { endpoint, service } from '@signalbox/testkit';
import { describe, expect, test } from 'vitest';
import type { RecordTable } from '../records/record-table.ts';
import { FailoverHold } from './failover-hold.ts';

const table = (leader: string, agents: readonly string[]): RecordTable => ({
  domain: 'mesos',
  services: new Map(),
  addresses: new Map([
    ['leader.mesos', [leader]],
    ['slave.mesos', agents],
  ]),
});

const onAgents = (...agents: string[]): Service =>
  service('web', {
    endpoints: agents.map((agent) => endpoint({ id: `web-${agent}`, address: agent, metadata: { agent } })),
  });

function setUp(holdMs = 600_000) {
  let nowMs = 0;
  const hold = new FailoverHold(holdMs, () => nowMs);
  let shown: readonly Service[] = [];
  return {
    hold,
    at(timeMs: number) {
      nowMs = timeMs;
    },
    take(leader: string, agents: readonly string[], services: readonly Service[]): string[] {
      shown = hold.apply(table(leader, agents), services, shown);
      return shown.flatMap(({ endpoints }) => endpoints.map(({ address }) => address));
    },
  };
}

describe('a change of the leader', () => {
  test('keeps what is on agents that are not back, and believes those that are', () => {
    const { take, hold } = setUp();
    take('m1', ['a', 'b', 'c'], [onAgents('a', 'b', 'c')]);
    expect(take('m2', [], [])).toEqual(['a', 'b', 'c']);
    expect(hold.missing).toEqual(['a', 'b', 'c']);
    // The task on "b" ended meanwhile.
    expect(take('m2', ['a', 'b'], [onAgents('a')])).toEqual(['a', 'c']);
    expect(take('m2', ['a', 'b', 'c'], [onAgents('a', 'c')])).toEqual(['a', 'c']);
    expect(hold.missing).toEqual([]);
  });

  test('that loses a single agent keeps it too, until Mesos would give it up', () => {
    const { take, at } = setUp();
    take('m1', ['a', 'b', 'c'], [onAgents('a', 'b', 'c')]);
    expect(take('m2', ['a', 'b'], [onAgents('a', 'b')])).toEqual(['a', 'b', 'c']);
    at(599_999);
    expect(take('m2', ['a', 'b'], [onAgents('a', 'b')])).toEqual(['a', 'b', 'c']);
    at(600_000);
    expect(take('m2', ['a', 'b'], [onAgents('a', 'b')])).toEqual(['a', 'b']);
  });
});

describe('the same leader', () => {
  test('is believed about a lost agent', () => {
    const { take } = setUp();
    take('m1', ['a', 'b', 'c'], [onAgents('a', 'b', 'c')]);
    expect(take('m1', ['a', 'b'], [onAgents('a', 'b')])).toEqual(['a', 'b']);
  });

  test('that forgets most agents at once was restarted', () => {
    const { take } = setUp();
    take('m1', ['a', 'b', 'c'], [onAgents('a', 'b', 'c')]);
    expect(take('m1', ['a'], [onAgents('a')])).toEqual(['a', 'b', 'c']);
  });

  test('is believed about tasks while the agents are there', () => {
    const { take } = setUp();
    take('m1', ['a', 'b', 'c'], [onAgents('a', 'b', 'c')]);
    expect(take('m1', ['a', 'b', 'c'], [])).toEqual([]);
  });
});

test('a hold of 0 believes every answer', () => {
  const { take } = setUp(0);
  take('m1', ['a', 'b'], [onAgents('a', 'b')]);
  expect(take('m2', [], [])).toEqual([]);
});
