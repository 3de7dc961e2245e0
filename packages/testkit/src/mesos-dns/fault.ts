/** One way in which Mesos-DNS misbehaves. Faults of different kinds add up; one of the same kind replaces the one before. */
export type MesosDnsFault =
  /** Nothing listens; it listens on the same ports again when the fault is cleared. */
  | { readonly kind: 'refuse' }
  /** Takes requests and questions, and never answers. */
  | { readonly kind: 'hang' }
  /** Answers late by this many milliseconds. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** HTTP answers with this status and an HTML page, as a proxy in front of it would. DNS answers SERVFAIL. */
  | { readonly kind: 'status'; readonly status: number }
  /** HTTP answers 401. */
  | { readonly kind: 'unauthorized' }
  /** HTTP answers with half of its JSON; DNS with bytes that are no message. */
  | { readonly kind: 'garbage' }
  /** The master cannot be read: the old records stay, and the serial with them. */
  | { readonly kind: 'freeze' }
  /** It answers before it has read a master for the first time, as nothing but an empty table. */
  | { readonly kind: 'not-loaded' }
  /** Datagrams get lost. */
  | { readonly kind: 'drop-udp' };

export type MesosDnsFaultKind = MesosDnsFault['kind'];

export const mesosDnsFaultKinds: readonly MesosDnsFaultKind[] = [
  'refuse',
  'hang',
  'slow',
  'status',
  'unauthorized',
  'garbage',
  'freeze',
  'not-loaded',
  'drop-udp',
];

/** The faults that are in force. */
export class Faults {
  readonly #faults = new Map<MesosDnsFaultKind, MesosDnsFault>();

  get<Kind extends MesosDnsFaultKind>(kind: Kind): Extract<MesosDnsFault, { readonly kind: Kind }> | undefined {
    return this.#faults.get(kind) as Extract<MesosDnsFault, { readonly kind: Kind }> | undefined;
  }

  set(fault: MesosDnsFault): void {
    this.#faults.set(fault.kind, fault);
  }

  clear(): void {
    this.#faults.clear();
  }
}
