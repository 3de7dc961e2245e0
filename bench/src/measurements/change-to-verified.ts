import { delay, type Service } from '@signalbox/core';
import { freePort } from '@signalbox/testkit';
import type { Measurement, Row } from '../measurement.ts';
import { benchAddress } from '../stage/address.ts';
import { growCommands, openBareClient, weighCommands } from '../stage/bare-client.ts';
import { findHarmlessCommand, writeBare, writeBySocat } from '../stage/bare-command.ts';
import { Fleet } from '../stage/fleet.ts';
import { openSink, type SinkStage } from '../stage/open-sink.ts';
import { interleave, median, time } from '../statistics.ts';

/** A daemon that follows a cluster has made such a change thousands of times, and so has this one when it is measured. */
const warmUpRounds = 200;
const rounds = 100;
/** Of many changes. */
const manyRounds = 15;
/** A round adds a server to every backend, and HAProxy 2.6 never loses one. */
const growingRounds = 5;
const reloadRounds = 3;
/** Before and while it is measured what one costs between two reloads. */
const onesBetweenReloads = 20;
const many = 1_000;

/** The sink alone: from a catalog to a HAProxy that was read back. */
export const changeToVerified: Measurement = {
  id: 'verified',
  title: 'Change → verified in HAProxy',
  async *measure({ full, signal, say }) {
    const backends = full ? 10_000 : 1_000;
    say(`HAProxy with ${backends} backends`);
    await using stage = await openSink({ sharedPort: await freePort(benchAddress), signal });
    const fleet = new Fleet(backends);
    await stage.bring(stage.catalog(fleet.services));
    yield* measureOne(stage, fleet);
    say(`${many} changes at once`);
    // Another HAProxy with the same backends, so that neither finds the servers of the other.
    await using other = await openSink({ sharedPort: await freePort(benchAddress), signal });
    await other.bring(other.catalog(new Fleet(backends).services));
    const weights = {
      what: `${many} new weights, one command each`,
      rounds: manyRounds,
      change: () => fleet.weigh(many),
      commands: weighCommands,
    };
    yield* measureMany(stage, weights, other.runtimeSocket);
    const endpoints = {
      what: `${many} new endpoints, two commands each`,
      rounds: growingRounds,
      change: () => fleet.grow(many),
      commands: growCommands,
    };
    yield* measureMany(stage, endpoints, other.runtimeSocket);
    say('reloads');
    yield* measureReload(stage, fleet, { backends, limit: full, signal });
  },
};

async function* measureOne(stage: SinkStage, fleet: Fleet): AsyncGenerator<Row> {
  const command = await findHarmlessCommand(stage.runtimeSocket);
  let next = stage.catalog(fleet.services);
  const prepare = (): void => {
    next = stage.catalog(fleet.grow(1));
  };
  const { one, socat, bare } = await interleave(
    { rounds, warmUpRounds, prepare },
    {
      one: () => stage.bring(next),
      socat: () => writeBySocat(stage.runtimeSocket, command),
      bare: () => writeBare(stage.runtimeSocket, command),
    },
  );
  const common = { value: median(one), unit: 'ms', samples: rounds } as const;
  yield {
    ...common,
    what: 'one new endpoint',
    ratio: median(one) / median(socat),
    against: 'one bare socat',
    limit: { atMost: 0.25 },
  };
  yield { ...common, what: 'the same', ratio: median(one) / median(bare), against: 'one bare write' };
}

/** So many changes at once, and what HAProxy itself needs for them. */
interface ManyChanges {
  readonly what: string;
  readonly rounds: number;
  /** The services after the next so many changes. */
  readonly change: () => readonly Service[];
  /** The same for another HAProxy with the same backends. */
  readonly commands: (socketPath: string, count: number, round: number) => Promise<readonly string[]>;
}

async function* measureMany(stage: SinkStage, { what, rounds, change, commands }: ManyChanges, otherSocket: string) {
  const command = await findHarmlessCommand(stage.runtimeSocket);
  using client = await openBareClient(otherSocket);
  let next = stage.catalog([]);
  let bareCommands: readonly string[] = [];
  let round = 0;
  const prepare = async (): Promise<void> => {
    next = stage.catalog(change());
    round += 1;
    bareCommands = await commands(otherSocket, many, round);
  };
  const {
    all,
    client: byClient,
    socat,
    bare,
  } = await interleave(
    { rounds, warmUpRounds: 2, prepare },
    {
      all: () => stage.bring(next),
      client: () => client.run(bareCommands),
      socat: () => writeBySocat(stage.runtimeSocket, command),
      bare: () => writeBare(stage.runtimeSocket, command),
    },
  );
  const common = { value: median(all), unit: 'ms', samples: rounds } as const;
  const rows: readonly Row[] = [
    { ...common, what, ratio: median(all) / median(socat), against: 'one bare socat', limit: { atMost: 3 } },
    { ...common, what: '  the same', ratio: median(all) / median(byClient), against: 'a bare client' },
    {
      ...common,
      what: '  a bare client, with the same commands',
      value: median(byClient),
      ratio: median(byClient) / median(socat),
      against: 'one bare socat',
    },
    {
      ...common,
      what: '  changes, against a connection for each command',
      value: (many * 1_000) / median(all),
      unit: 'per second',
      ratio: median(bare) / (median(all) / many),
      against: 'one bare write',
    },
  ];
  yield* rows;
}

async function* measureReload(
  stage: SinkStage,
  fleet: Fleet,
  { backends, limit, signal }: { readonly backends: number; readonly limit: boolean; readonly signal: AbortSignal },
): AsyncGenerator<Row> {
  const timeOne = (): Promise<number> => {
    const next = stage.catalog(fleet.grow(1));
    return time(() => stage.bring(next));
  };
  const firstOnes: number[] = [];
  const ones: number[] = [];
  const reloads: number[] = [];
  for (let round = 0; round < reloadRounds; round += 1) {
    const later = stage.catalog(fleet.found());
    // The sink keeps its distance from the last reload, five times as long as that took; the wait is no part of the reload.
    let plan = await stage.plan(later);
    while (plan.deferred !== undefined) {
      await delay(plan.deferred.afterMs, signal);
      plan = await stage.plan(later);
    }
    if (!plan.changes.some(({ action }) => action === 'reload')) throw new Error('HAProxy does not reload');
    reloads.push(await time(() => plan.apply()));
    firstOnes.push(await timeOne());
    // The connection is new, the old worker ends, and its memory is given back: nothing of that belongs to a change.
    for (let count = 0; count < onesBetweenReloads; count += 1) await timeOne();
    for (let count = 0; count < onesBetweenReloads; count += 1) ones.push(await timeOne());
  }
  yield {
    what: `a reload of our own, ${backends} backends`,
    value: median(reloads),
    unit: 'ms',
    ratio: median(reloads) / median(ones),
    against: 'one new endpoint',
    ...(limit ? { limit: { atLeast: 300 } } : {}),
    samples: reloadRounds,
  };
  yield {
    what: '  the first new endpoint behind it',
    value: median(firstOnes),
    unit: 'ms',
    ratio: median(firstOnes) / median(ones),
    against: 'a later one',
    samples: reloadRounds,
  };
}
