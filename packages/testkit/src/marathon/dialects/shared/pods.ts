import type { PodDialect } from '../dialect.ts';
import { toPod, toPodSince1_9 } from './pod.ts';
import { type PodStatusWriter, toPodStatus } from './pod-status.ts';

const writerOf1_4: PodStatusWriter = { toPod, instanceFields: () => ({}) };

const writerOf1_9: PodStatusWriter = {
  toPod: toPodSince1_9,
  instanceFields: ({ agent, spec }) => ({ agentId: agent?.id, localVolumes: [], role: spec.role }),
};

export const podsOf1_4: PodDialect = {
  toPod,
  toStatus: (latest, tasks, now) => toPodStatus(latest, tasks, writerOf1_4, now),
};

export const podsOf1_9: PodDialect = {
  toPod: toPodSince1_9,
  toStatus: (latest, tasks, now) => toPodStatus(latest, tasks, writerOf1_9, now),
};
