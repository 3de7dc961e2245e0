export interface OwnerLockOptions {
  /** The lock file. Its folder must exist. */
  readonly path: string;
  /** Who we are, for the message that the other one gets. */
  readonly ownerId: string;
}

export interface OwnerLock {
  readonly path: string;
  /** False once somebody removed or replaced the file. */
  isHeld(): Promise<boolean>;
  /** Removes the lock file, if it is still ours. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes two Signalboxes on one target see each other. A lock whose process is gone is taken over.
 *
 * @throws {SinkError} SINK_REFUSED (retryable) while another process holds it.
 */
export declare function acquireOwnerLock(options: OwnerLockOptions): Promise<OwnerLock>;
