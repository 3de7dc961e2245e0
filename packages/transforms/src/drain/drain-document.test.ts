import { expect, test } from 'vitest';
import { DrainDocument } from './drain-document.ts';
import type { DrainEntry } from './drain-options.ts';

const until = '2999-01-01T00:00:00Z';
const onAgent = (agent: string): DrainEntry => ({
  match: { endpoint: { metadata: { agent } } },
  until,
  reason: 'a new disk',
});
const open = (text: string): DrainDocument => new DrainDocument(text, 'drains.yaml');

test.each(['', '\n', 'drains:\n', 'drains: []\n', '# nobody\n', 'drains: null'])('%j takes an entry', (text) => {
  const document = open(text);
  expect(document.entries).toEqual([]);
  expect(document.add(onAgent('10.0.0.7'))).toBeUndefined();
  const written = `${document}`;
  expect(written).toContain(
    `drains:\n  - match: { endpoint: { metadata: { agent: 10.0.0.7 } } }\n    until: ${until}\n    reason: a new disk\n`,
  );
  expect(written.includes('# nobody')).toBe(text.includes('# nobody'));
  expect(open(written).entries).toMatchObject([
    { position: 1, drain: { text: 'endpoint.metadata.agent=10.0.0.7', until, reason: 'a new disk', force: false } },
  ]);
});

const commented = `# by hand
drains:
  # rack 7
  - match: { name: /shop/cart, source: old } # until the prices are right
    until: 2999-02-01T00:00:00Z

    reason: "wrong prices"   # see the ticket
    force: true
  - { match: /mail, until: 2020-01-01T00:00:00Z, reason: over }

# the end
`;

test('comments and the writing of others stay', () => {
  const document = open(commented);
  expect(`${document}`.replaceAll(/ +#/g, ' #')).toBe(commented.replaceAll(/ +#/g, ' #'));
  document.add(onAgent('a'));
  const written = `${document}`;
  for (const kept of ['# by hand', '# rack 7', '# until the prices', 'reason: "wrong prices"', '# the end']) {
    expect(written).toContain(kept);
  }
  expect(written).toContain('  - { match: /mail, until: 2020-01-01T00:00:00Z, reason: over }\n');
});

test('an entry that matches the same is replaced where it stands', () => {
  const document = open(commented);
  const match = { source: 'old', name: '/shop/cart' };
  expect(document.add({ match, until, reason: 'still wrong' })).toMatchObject({ reason: 'wrong prices', force: true });
  const written = `${document}`;
  expect(written).toContain('# until the prices are right\n    until: 2999-01-01T00:00:00Z');
  expect(written).toContain('"still wrong" # see the ticket');
  expect(written).not.toContain('force');
  expect(open(written).entries).toHaveLength(2);
});

test('an entry is taken out by its position', () => {
  const document = open(commented);
  expect(document.remove(3)).toBeUndefined();
  expect(document.remove(2)).toMatchObject({ drain: { text: '/mail' } });
  expect(document.remove(1)).toMatchObject({ drain: { text: 'name=/shop/cart and source=old' } });
  expect(open(`${document}`).entries).toEqual([]);
  expect(`${document}`).toContain('# by hand');
  document.add(onAgent('b'));
  expect(open(`${document}`).entries).toHaveLength(1);
});

test.each<[DrainEntry['match'], number | undefined]>([
  [{ source: 'old', name: '/shop/cart' }, 1],
  [[{ name: '/mail' }], 2],
  ['/mail', 2],
  ['/shop/cart', undefined],
])('%j is found in whatever spelling', (match, position) => {
  expect(open(commented).find(match)?.position).toBe(position);
});

test('an entry that means nothing keeps its place and says why', () => {
  const document = open('drains:\n  - match: /a\n  - { match: /b, until: 2999-01-01T00:00:00Z, reason: x }\n');
  expect(document.entries[0]).toEqual({ position: 1, problem: expect.stringContaining('until: ') });
  expect(document.entries[1]).toMatchObject({ position: 2, drain: { text: '/b' } });
  expect(document.remove(1)).toMatchObject({ problem: expect.any(String) });
});

test.each([
  ['drains: [', /is no YAML/],
  ['other: 1', /is no file of drains/],
  ['drains: x', /is no file of drains/],
])('%j is refused, and so is what would be no entry', (text, message) => {
  expect(() => open(text)).toThrow(message);
  expect(() => open('').add({ ...onAgent('a'), until: 'tomorrow' })).toThrow(/with its offset/);
  expect(() => open('').add({ ...onAgent('a'), reason: 'two\nlines' })).toThrow(/one line/);
});

test('JSON stays JSON', () => {
  const document = open('{"drains": [{"match": "/a", "until": "2999-01-01T00:00:00Z", "reason": "x"}]}');
  document.add(onAgent('b'));
  expect(open(`${document}`).entries).toHaveLength(2);
});
