/** What came is no DNS message, or not whole. */
export class GarbageError extends Error {
  override readonly name = 'GarbageError';

  constructor(cause?: unknown) {
    super('what it sent is no DNS answer', { cause });
  }
}
