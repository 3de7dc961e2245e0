import { expect, it } from 'vitest';
import { formatBatch, parseEntries } from './entry-lines.ts';

it('what leads to others comes after them, and goes before them', () => {
  const set = new Map([
    ['h/a.test', '{"to":"a"}'],
    ['c/shop', '{"pem":"…"}'],
    ['p/80', '"a"'],
    ['u/a', '{"servers":[]}'],
    ['n/a.test', '["shop"]'],
  ]);
  const gone = ['c/old', 'h/old.test', 'n/old.test', 'p/81', 'u/old'];
  const [head, ...lines] = formatBatch({ generation: '2' }, { set, delete: gone }).split('\n');
  expect(JSON.parse(head ?? '')).toEqual({ generation: '2' });
  const keys = lines.filter((line) => /^(k:|-)/.test(line)).map((line) => line.replace('k:', ''));
  expect(keys.map((key) => key.slice(0, 2))).toEqual(['c/', 'u/', 'h/', 'p/', 'n/', '-h', '-n', '-p', '-c', '-u']);
  expect(lines.at(-1)).toBe('');
});

it('reads what was told line by line, and nothing that is cut off', () => {
  const text = '{"generation":"2"}\nu/a\n{"servers":[]}\nh/a.test\n{}\n';
  expect(parseEntries(text)).toEqual({
    head: { generation: '2' },
    entries: new Map([
      ['u/a', '{"servers":[]}'],
      ['h/a.test', '{}'],
    ]),
  });
  expect(parseEntries('{"generation":"2"}\n')?.entries.size).toBe(0);
  for (const cut of [text.slice(0, -1), text.slice(0, 30), '', 'no JSON\n', '<html>\n</html>\n']) {
    expect(parseEntries(cut)).toBeUndefined();
  }
});

it('refuses an entry that would become two', () => {
  const set = new Map([['u/a\nk:u/b', '{}']]);
  expect(() => formatBatch({}, { set, delete: [] })).toThrow('line break');
  expect(() => formatBatch({}, { set: new Map(), delete: ['u/a\n-u/b'] })).toThrow('line break');
});
