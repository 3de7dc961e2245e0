import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createServerStateReader } from './server-state-rows.ts';

/** Of HAProxy 2.6.12. */
const states =
  '1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_port\n3 b 1 s1 10.0.0.1 2 20001\n3 b 2 s2 ::1 2 20002\n3 b 3 s3 - 0 20003\n';
const expected = [
  ['20001', 's1', 'b'],
  ['20002', 's2', 'b'],
  ['20003', 's3', 'b'],
];

function read(...pieces: readonly string[]): string[][] {
  const rows: string[][] = [];
  const reader = createServerStateReader(['srv_port', 'srv_name', 'be_name'], (values) => rows.push([...values]));
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return rows;
}

describe('the rows of the servers', () => {
  test('are read in part, in the order that was asked for, and whatever the columns are', () => {
    expect(read(states)).toEqual(expected);
    expect(read(states.trim())).toEqual(expected);
    expect(read('1\n# srv_port srv_name be_name\n80 s b\n\n81 t b more\n\n')).toEqual([
      ['80', 's', 'b'],
      ['81', 't', 'b'],
    ]);
    expect(read('1\n# be_name srv_name srv_port')).toEqual([]);
  });

  test('are the same however the answer is cut', () => {
    const text = `\n${states}\n`;
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.sort((left, right) => left - right), text.length];
        expect(read(...places.slice(1).map((end, index) => text.slice(places[index], end)))).toEqual(expected);
      }),
    );
  });

  test('are read before the answer is complete', () => {
    const names: string[] = [];
    const reader = createServerStateReader(['srv_name'], ([name = '']) => names.push(name));
    reader.push(states.slice(0, states.indexOf('s2')));
    expect(names).toEqual(['s1']);
  });

  test('are refused when one is shorter than the header says, wherever it came', () => {
    const text = '1\n# srv_port srv_name be_name\n80 s b\n81 t\n82 u b\n';
    expect(() => read(text)).toThrow('a row is "81 t"');
    expect(() => read(text.slice(0, -9), text.slice(-9), '83 v b\n')).toThrow('a row is "81 t"');
    expect(() => read(text.slice(0, text.indexOf('\n82')))).toThrow('a row is "81 t"');
  });

  test.each(['', "Can't find backend.", '2\n# a b\n', '1\n# be_name srv_name\n'])('are none in %j', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'SINK_APPLY_FAILED' }));
    expect(() => read(...text)).toThrow(expect.objectContaining({ code: 'SINK_APPLY_FAILED' }));
  });
});
