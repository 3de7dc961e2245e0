import { expect, test } from 'vitest';
import { formatTable } from './format-table.ts';

const columns = [{ title: 'SERVICE' }, { title: 'PORT', align: 'right' as const }, { title: 'ROUTES' }];

test('columns line up by what characters take on a terminal', () => {
  const rows = [
    ['static:店#0', '80', '-'],
    ['static:cart#0', '8080', 'shop.example.com'],
  ];
  expect(formatTable(columns, rows).split('\n')).toEqual([
    'SERVICE        PORT  ROUTES',
    'static:店#0      80  -',
    'static:cart#0  8080  shop.example.com',
  ]);
});

test('the last column is broken between words where the terminal ends', () => {
  const rows = [['cart', '80', 'one.example.com two.example.com three.example.com']];
  expect(formatTable(columns, rows, 48).split('\n')).toEqual([
    'SERVICE  PORT  ROUTES',
    'cart       80  one.example.com two.example.com',
    '               three.example.com',
  ]);
});

test('an id that leaves no room for the others has a line of its own', () => {
  const id = `mesos:/${'very-long/'.repeat(5)}#http`;
  const rows = [
    [id, '80', 'shop.example.com'],
    ['mesos:/cart#http', '81', '-'],
  ];
  expect(formatTable(columns, rows, 60).split('\n')).toEqual([
    'SERVICE           PORT  ROUTES',
    id,
    '                    80  shop.example.com',
    'mesos:/cart#http    81  -',
  ]);
});

test('without a width each row is one line', () => {
  const rows = [['a'.repeat(200), '80', 'words '.repeat(50).trim()]];
  expect(formatTable(columns, rows).split('\n')).toHaveLength(2);
});
