import { freePort } from '@signalbox/testkit';
import type { Measurement } from '../measurement.ts';
import { benchAddress } from '../stage/address.ts';
import { findHarmlessCommand, writeBare, writeBySocat } from '../stage/bare-command.ts';
import { Fleet } from '../stage/fleet.ts';
import { openSink } from '../stage/open-sink.ts';
import { interleave, median } from '../statistics.ts';

const rounds = 15;
const slowRounds = 3;

/** The sink alone: from a catalog to a HAProxy that was read back. */
export const changeToVerified: Measurement = {
  id: 'verified',
  title: 'Change → verified in HAProxy',
  async *measure({ full, signal, say }) {
    const backends = full ? 10_000 : 1_000;
    say(`HAProxy with ${backends} backends`);
    await using stage = await openSink({ sharedPort: await freePort(benchAddress), signal });
    const fleet = new Fleet(backends);
    let next = stage.catalog(fleet.services);
    let later = next;
    await stage.bring(next);
    const command = await findHarmlessCommand(stage.runtimeSocket);

    const works = {
      one: () => stage.bring(next),
      socat: () => writeBySocat(stage.runtimeSocket, command),
      bare: () => writeBare(stage.runtimeSocket, command),
    };
    const { one, socat, bare } = await interleave(rounds, works, () => {
      next = stage.catalog(fleet.grow(1));
    });
    const common = { unit: 'ms', against: 'one bare socat', samples: rounds } as const;
    const what = 'one new endpoint';
    yield { ...common, what, value: median(one), ratio: median(one) / median(socat), limit: { atMost: 0.25 } };
    const against = 'one bare write';
    yield { ...common, what: 'the same', value: median(one), ratio: median(one) / median(bare), against };

    say('1000 changes at once');
    const slowWorks = { many: works.one, again: works.socat, reload: () => stage.bring(later) };
    const { many, reload, again } = await interleave(slowRounds, slowWorks, () => {
      next = stage.catalog(fleet.grow(1_000));
      later = stage.catalog(fleet.found());
    });
    const slow = { ...common, samples: slowRounds };
    const ratio = median(many) / median(again);
    yield { ...slow, what: '1000 new endpoints', value: median(many), ratio, limit: { atMost: 3 } };
    yield {
      ...slow,
      what: 'changes, against a connection for each command',
      value: 1_000_000 / median(many),
      unit: 'per second',
      ratio: median(bare) / (median(many) / 1_000),
      against: 'one bare write',
    };
    yield {
      ...slow,
      what: `a reload of our own, ${backends} backends`,
      value: median(reload),
      ratio: median(reload) / median(one),
      against: 'one new endpoint',
      ...(full ? { limit: { atLeast: 300 } } : {}),
    };
  },
};
