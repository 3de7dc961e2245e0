import type { SrvRecord } from '@signalbox/source-kit/dns';

/** Highest weight of the model. */
const maxShare = 256;

/** What a record's priority and weight mean for its endpoints. */
export interface Share {
  readonly weight?: number;
  readonly backup?: true;
}

/**
 * RFC 2782: the lowest priority is tried first, so all others are backups; weights count among records of one priority. A weight of 0 among
 * others means very little, not nothing. Equal weights say nothing.
 */
export function shareOf(record: SrvRecord, records: readonly SrvRecord[]): Share {
  const lowest = Math.min(...records.map(({ priority }) => priority));
  const peers = records.filter(({ priority }) => priority === record.priority).map(({ weight }) => weight);
  const heaviest = Math.max(...peers);
  const lightest = Math.min(...peers);
  // With a 0 among them, the others are made as large as can be, so that the 1 that takes its place is next to nothing.
  const scale = lightest === 0 || heaviest > maxShare ? maxShare / heaviest : 1;
  return {
    ...(lightest !== heaviest && { weight: Math.max(1, Math.round(record.weight * scale)) }),
    ...(record.priority > lowest && { backup: true as const }),
  };
}
