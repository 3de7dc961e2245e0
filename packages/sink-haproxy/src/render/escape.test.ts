import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as safe from './escape.ts';

describe('one argument in quotes', () => {
  it('closes and opens the quotes around a quote', () => {
    expect(safe.quoted("it's")).toBe(`'it'\\''s'`);
  });

  it('doubles the percent sign of a log format only there', () => {
    expect(safe.quoted('a%20b')).toBe("'a%20b'");
    expect(safe.quotedLogFormat('a%20b')).toBe("'a%%20b'");
  });

  it('refuses every control character', () => {
    for (const text of ['a\nb', 'a\rb', 'a\0b', 'a\tb', 'a\x7fb'])
      expect(() => safe.quoted(text)).toThrow(/cannot be written/);
  });
});

describe('text without quotes', () => {
  const contexts = { name: safe.name, path: safe.path, mapKey: safe.mapKey, mapValue: safe.mapValue };

  it.each(Object.entries(contexts))('a %s never holds what separates, quotes, comments or expands', (_, write) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), (text) => {
        let written: string;
        try {
          written = write(text);
        } catch {
          return;
        }
        expect(written).toBe(text);
        expect(written).toMatch(/^[^\s"'`\\;#$<>(){}[\]|^?]+\??$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('puts brackets around IPv6, and takes no host name', () => {
    expect(safe.addressAndPort('127.0.0.1', 80)).toBe('127.0.0.1:80');
    expect(safe.addressAndPort('::1', 80)).toBe('[::1]:80');
    expect(() => safe.addressAndPort('localhost', 80)).toThrow();
    expect(() => safe.addressAndPort('127.0.0.1', 99_999)).toThrow();
    expect(() => safe.addressAndPort('127.0.0.1 maxconn 1', 80)).toThrow();
  });
});
