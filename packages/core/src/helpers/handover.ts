const marker = Symbol.for('signalbox.handover');

/**
 * Reason of an abort after which another pipeline of this process goes on with the same targets, as when a configuration is read
 * again. A sink that would otherwise end its target with itself leaves it running.
 */
export class Handover extends Error {
  readonly [marker] = true;

  constructor() {
    super('another pipeline takes over');
    this.name = 'Handover';
  }
}

/** Holds across duplicate copies of this package, where `instanceof` does not. */
export function isHandover(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && marker in reason;
}
