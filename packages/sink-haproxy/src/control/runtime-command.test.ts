import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addMapCommand, addMapEntriesCommands, parseMap } from './maps.ts';
import { assertCommandText, encodeCommand, maxCommandBytes } from './runtime-command.ts';

test('refuses a command that is too long', () => {
  expect(() => assertCommandText('x'.repeat(maxCommandBytes + 1))).toThrow(
    expect.objectContaining({ retryable: false }),
  );
});

test('a command becomes one line, a payload ends in an empty one', () => {
  expect(encodeCommand('show info')).toBe('show info\n');
  expect(encodeCommand({ command: 'add map /a.map <<', payload: ['a b', 'c d'] })).toBe(
    'add map /a.map <<\na b\nc d\n\n',
  );
});

test.each(['', ' ', 'a;b', 'a\nb', 'a\rb', 'a\0b', 'a\u0085b', 'add map /a <<', 'add map /a << '])(
  'refuses %j',
  (command) => {
    const refusal = expect.objectContaining({ code: 'SINK_APPLY_FAILED', retryable: false });
    expect(() => assertCommandText(command)).toThrow(refusal);
    expect(() => encodeCommand(command)).toThrow(refusal);
  },
);

test.each([
  ['that is not announced', { command: 'add map /a.map', payload: ['a b'] }],
  ['of two commands', { command: 'add map /a;b <<', payload: ['a b'] }],
  ['with an empty line', { command: 'add map /a.map <<', payload: ['a b', '', 'shutdown'] }],
  ['with a line break inside a line', { command: 'add map /a.map <<', payload: ['a\nb'] }],
  ['that is too long', { command: 'add map /a.map <<', payload: Array.from({ length: 2_500 }, () => '12345') }],
])('refuses a payload %s', (_, command) => {
  expect(() => encodeCommand(command)).toThrow(expect.objectContaining({ retryable: false }));
});

test('whatever passes is one line and one command', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', ';', '\n', '\r', '\0', '<', '#', '\\', '\u2028'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(text, (command) => {
      let encoded: string;
      try {
        encoded = encodeCommand(command);
      } catch {
        return;
      }
      expect(encoded).toBe(`${command}\n`);
      expect(command).not.toMatch(/[;\n\r\0]|<<\s*$/);
    }),
    { numRuns: 1_000 },
  );
});

test('map commands take only words that HAProxy takes as they are', () => {
  expect(addMapCommand('/run/a.map', 'shop.test/a%20b/', 'a_shop_1')).toBe(
    'add map /run/a.map shop.test/a%20b/ a_shop_1',
  );
  for (const key of ['', 'a b', 'a;b', '#1', 'a\\b', 'a"b', '<<', 'a\n']) {
    expect(() => addMapCommand('/run/a.map', key, 'x')).toThrow(expect.objectContaining({ code: 'SINK_APPLY_FAILED' }));
    expect(() => addMapEntriesCommands('/run/a.map', [{ key: 'x', value: key }])).toThrow();
  }
});

test('map entries are cut into payloads that fit', () => {
  const entries = Array.from({ length: 2_000 }, (_, index) => ({
    key: `host-${index}.example.test`,
    value: `a_${index}`,
  }));
  const commands = addMapEntriesCommands('/run/a.map', entries, 3);
  expect(commands.length).toBeGreaterThan(4);
  expect(commands.length).toBeLessThan(10);
  const lines = commands.flatMap((command) => {
    expect(encodeCommand(command).startsWith('add map @3 /run/a.map <<\n')).toBe(true);
    return command.payload;
  });
  expect(lines).toEqual(entries.map(({ key, value }) => `${key} ${value}`));
  expect(addMapEntriesCommands('/run/a.map', [])).toEqual([]);
});

test('a map is parsed in its order, and an error is not an empty map', () => {
  expect(parseMap('0x56452312c1c0 rev 0\n0x56452312c210 owner x\n')).toEqual([
    { key: 'rev', value: '0' },
    { key: 'owner', value: 'x' },
  ]);
  expect(parseMap('')).toEqual([]);
  expect(() => parseMap('Unknown map identifier. Please use #<id> or <file>.')).toThrow(
    expect.objectContaining({ code: 'SINK_APPLY_FAILED' }),
  );
});
