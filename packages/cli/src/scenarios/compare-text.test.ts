import { expect, test } from 'vitest';
import { compareText } from './compare-text.ts';

const text = `frontend http
    bind 10.0.0.1:80
    mode http

backend cart
    server a 10.0.0.7:31001 check
`;

test('one line may stand anywhere in a line, several follow each other, and indentation does not count', () => {
  const contains = ['31001 ch', 'frontend http\n  bind 10.0.0.1:80\n', '\n mode http\n\n backend cart'];
  expect(compareText('a.cfg', text, { contains, matches: '^ +mode \\w+$', notContains: 'nginx' }, [])).toEqual([]);
});

test('what is not there is compared with the place that has the most words in common', () => {
  const contains = 'backend cart\n  server a 10.0.0.8:31001 check';
  expect(compareText('a.cfg', text, { contains }, ['here'])).toEqual([
    {
      path: ['here', 'contains'],
      message: 'is not in a.cfg',
      diff: [
        'closest, from line 5:',
        '  backend cart',
        '- server a 10.0.0.8:31001 check',
        '+ server a 10.0.0.7:31001 check',
      ],
    },
  ]);
  expect(compareText('a.cfg', text, { contains: ['x', 'nowhere to be found'] }, [])).toMatchObject([
    { path: ['contains', 0], diff: ['- x'] },
    { path: ['contains', 1], diff: ['- nowhere to be found'] },
  ]);
});

test('what must not be there is shown with its line; a pattern that is none, or matches nothing, is told', () => {
  expect(compareText('a.cfg', text, { notContains: ['server a'], matches: ['^mode', '('] }, [])).toEqual([
    { path: ['notContains', 0], message: 'is in a.cfg, line 6', diff: ['+ server a 10.0.0.7:31001 check'] },
    { path: ['matches', 0], message: 'matches nothing in a.cfg', diff: ['- ^mode'] },
    { path: ['matches', 1], message: expect.stringContaining('Invalid regular expression') },
  ]);
});
