import type { HttpAnswer } from '@signalbox/source-kit';

/** What makes the next request conditional. */
export type Validators = Readonly<Record<'if-none-match', string> | Record<'if-modified-since', string>>;

/**
 * An ETag, or else a date of change. The latter has whole seconds, so it counts only when the answer was given at least a second after it:
 * what changes within that second would never be seen (RFC 9110, section 8.8.2.2).
 */
export function readValidators({ header }: Pick<HttpAnswer, 'header'>): Validators | undefined {
  const etag = header('etag') ?? '';
  if (canBeSent(etag)) return { 'if-none-match': etag };
  const modified = header('last-modified') ?? '';
  const ageMs = Date.parse(header('date') ?? '') - Date.parse(modified);
  return ageMs >= 1_000 && canBeSent(modified) ? { 'if-modified-since': modified } : undefined;
}

/** What came as a header may hold bytes that cannot go out as one. */
function canBeSent(text: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]*$/.test(text);
}
