import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAxfr, parseTarget } from './parse-axfr.ts';
import { parseEnumerate } from './parse-enumerate.ts';
import { sortAddresses } from './record-table.ts';
import { ShapeError } from './shape-error.ts';

const empty = { TTL: 60, Serial: 1, RefreshSeconds: 60, Domain: 'mesos', Records: { As: {}, AAAAs: {}, SRVs: {} } };

describe('an answer that is none of Mesos-DNS is an error, never an empty table', () => {
  test.each([
    null,
    [],
    {},
    { ...empty, Records: undefined },
    { ...empty, Records: {} },
    { ...empty, Serial: '1' },
    { ...empty, Domain: '' },
    { ...empty, Records: { ...empty.Records, As: [] } },
    { ...empty, Records: { ...empty.Records, SRVs: { 'x.': 'y' } } },
    { ...empty, Records: { ...empty.Records, SRVs: { 'x.': [1] } } },
  ])('axfr %#', (value) => {
    expect(() => parseAxfr(value)).toThrow(ShapeError);
  });

  test.each([
    null,
    [],
    {},
    { frameworks: {} },
    { frameworks: [null] },
    { frameworks: [{ tasks: {} }] },
    { frameworks: [{ tasks: [{ records: [{ name: 'x' }] }] }] },
  ])('enumerate %#', (value) => {
    expect(() => parseEnumerate(value, 'mesos')).toThrow(ShapeError);
  });

  test('whatever the JSON, nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const parse of [parseAxfr, (json: unknown) => parseEnumerate(json, 'mesos')]) {
          try {
            parse(value);
          } catch (error) {
            expect(error).toBeInstanceOf(ShapeError);
          }
        }
      }),
    );
  });
});

test('null stands for an empty list, as Go prints it', () => {
  const { table } = parseAxfr({ ...empty, Records: { As: null, AAAAs: null, SRVs: null } });
  expect(table.services.size + table.addresses.size).toBe(0);
  expect(parseEnumerate({ frameworks: null }, 'mesos').table.services.size).toBe(0);
});

test.each(['', ':', 'x', 'x:', 'x:0', 'x:65536', 'x:1.5', ':80', 'x:-1'])('"%s" is no target', (text) => {
  expect(parseTarget(text)).toEqual([]);
});

test('addresses are sorted, IPv4 first; what nobody can connect to is dropped', () => {
  const texts = [
    'fd01::5',
    '10.0.0.2',
    'node-a.example.com',
    '10.0.0.10',
    '10.0.0.2',
    '',
    '1.2.3',
    '999.0.0.1',
    'a b',
    '-x',
    '../x',
  ];
  expect(sortAddresses(texts)).toEqual(['10.0.0.10', '10.0.0.2', 'fd01::5', 'node-a.example.com']);
});
