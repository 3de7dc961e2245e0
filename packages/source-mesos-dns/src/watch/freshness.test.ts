import { describe, expect, test } from 'vitest';
import { Freshness } from './freshness.ts';

const [first, second] = ['http://a', 'http://b'];

class Clock {
  nowMs = 0;
  readonly freshness: Freshness = new Freshness(() => this.nowMs);
}

const clock = (): Clock => new Clock();

const signs = (serial: number, ageMs?: number) => ({
  serial,
  staleAfterMs: 180_000,
  ...(ageMs !== undefined && { ageMs }),
});

describe('age', () => {
  test('a serial that does not move for too long is stale, and fresh again when it moves', () => {
    const time = clock();
    expect(time.freshness.isNews(first, signs(100))).toBe(true);
    time.nowMs = 180_000;
    expect(time.freshness.isNews(first, signs(100))).toBe(true);
    time.nowMs = 180_001;
    expect(() => time.freshness.isNews(first, signs(100))).toThrow('180 s old');
    expect(time.freshness.isNews(first, signs(160))).toBe(true);
  });

  test('what the server says of its age counts from the first answer on', () => {
    const { freshness } = clock();
    expect(() => freshness.isNews(first, signs(100, 180_001))).toThrow(
      expect.objectContaining({ code: 'SOURCE_TIMEOUT', retryable: true }),
    );
    expect(freshness.isNews(first, signs(100, -5_000))).toBe(true);
  });
});

describe('two servers', () => {
  test('one that is behind is not believed until it has read its master again', () => {
    const { freshness } = clock();
    expect(freshness.isNews(first, signs(160))).toBe(true);
    expect(freshness.isNews(second, signs(130))).toBe(false);
    expect(freshness.isNews(second, signs(130))).toBe(false);
    expect(freshness.isNews(second, signs(190))).toBe(true);
  });

  test('a clock that is behind does not silence a server for longer than one refresh', () => {
    const { freshness } = clock();
    expect(freshness.isNews(first, signs(10_000))).toBe(true);
    expect(freshness.isNews(second, signs(130))).toBe(false);
    expect(freshness.isNews(second, signs(190))).toBe(true);
  });

  test('one that was away begins anew, although its serial has moved meanwhile', () => {
    const { freshness } = clock();
    freshness.isNews(first, signs(100));
    freshness.noteFailure(first);
    expect(freshness.isNews(second, signs(720))).toBe(true);
    expect(freshness.isNews(first, signs(700))).toBe(false);
    expect(freshness.isNews(first, signs(760))).toBe(true);
  });

  test('a clock that was set back does not silence the only server', () => {
    const { freshness } = clock();
    expect(freshness.isNews(first, signs(10_000))).toBe(true);
    expect(freshness.isNews(first, signs(100))).toBe(true);
  });
});
