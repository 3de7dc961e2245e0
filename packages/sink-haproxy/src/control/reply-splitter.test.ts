import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReplySplitter, removePayloadEcho } from './reply-splitter.ts';

/** Of HAProxy 2.6.12: `prompt`, then a table, an empty success, an error, a payload, a long error. */
const recorded =
  '\n> 0x56452312c1c0 rev 0\n0x56452312c210 owner x\n\n> \n> Key not found.\n\n> + + + \n> 1\n# be_id be_name\n3 b\n\n> ';
const replies = [
  '',
  '0x56452312c1c0 rev 0\n0x56452312c210 owner x',
  '',
  'Key not found.',
  '+ + + ',
  '1\n# be_id be_name\n3 b',
];

describe('the reply splitter', () => {
  test('cuts a recorded conversation', () => {
    expect(createReplySplitter().push(recorded)).toEqual(replies);
  });

  test('does so however the bytes arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(recorded.length), { maxLength: 20 }), (cuts) => {
        const splitter = createReplySplitter();
        const places = [0, ...cuts.sort((left, right) => left - right), recorded.length];
        const result = places.slice(1).flatMap((end, index) => splitter.push(recorded.slice(places[index], end)));
        expect(result).toEqual(replies);
        expect(splitter.partial).toBe(false);
      }),
    );
  });

  test('hands pieces of a reply on as they come, to whoever takes them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(recorded.length), { maxLength: 20 }), (cuts) => {
        const splitter = createReplySplitter();
        const places = [0, ...cuts.sort((left, right) => left - right), recorded.length];
        const result: string[] = [];
        let pieces = '';
        for (const [index, end] of places.slice(1).entries()) {
          const done = result.length;
          const readerOf = (reply: number) =>
            done + reply !== 1
              ? undefined
              : (piece: string) => {
                  pieces += piece;
                };
          result.push(...splitter.push(recorded.slice(places[index], end), readerOf));
        }
        expect(result).toEqual(replies.with(1, ''));
        expect(pieces.trim()).toBe(replies[1]);
        expect(splitter.partial).toBe(false);
      }),
    );
  });

  test('knows of an unfinished reply also when all of it was handed on', () => {
    const splitter = createReplySplitter();
    const pieces: string[] = [];
    splitter.push('1\n# a b', () => (piece) => pieces.push(piece));
    expect(pieces).toEqual(['1\n# a']);
    expect(splitter.partial).toBe(true);
  });

  test('holds back what is not complete', () => {
    const splitter = createReplySplitter();
    expect(splitter.push('No such server.\n\n>')).toEqual([]);
    expect(splitter.partial).toBe(true);
    expect(splitter.push(' ')).toEqual(['No such server.']);
    expect(splitter.partial).toBe(false);
  });
});

test.each([
  ['+ + + ', ''],
  ['+ + Unknown map identifier. Please use #<id> or <file>.', 'Unknown map identifier. Please use #<id> or <file>.'],
  ['', ''],
  ['No such map.', 'No such map.'],
])('the echo of a payload is removed: %j', (reply, result) => expect(removePayloadEcho(reply)).toBe(result));
