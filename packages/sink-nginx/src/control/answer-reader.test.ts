import { expect, it } from 'vitest';
import { createAnswerReader } from './answer-reader.ts';

const body = Buffer.from('größe\n');
const withLength = Buffer.concat([
  Buffer.from(`HTTP/1.1 200 OK\r\nServer: nginx\r\ncontent-length:  ${body.length} \r\nConnection: keep-alive\r\n\r\n`),
  body,
]);
/** The first chunk ends within a letter. */
const inChunks = Buffer.concat([
  Buffer.from('HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\nConnection: Close\r\n\r\n3\r\n'),
  body.subarray(0, 3),
  Buffer.from('\r\n005;a=b\r\n'),
  body.subarray(3),
  Buffer.from('\r\n0\r\nX: y\r\n\r\n'),
]);

it.each([
  ['with its length', withLength, { status: 200, text: 'größe\n', keepsConnection: true }],
  ['in chunks', inChunks, { status: 409, text: 'größe\n', keepsConnection: false }],
])('reads an answer %s, wherever it is cut', (_, bytes, expected) => {
  for (let first = 1; first < bytes.length; first += 1) {
    for (const second of [first, Math.min(first + 2, bytes.length - 1)]) {
      const reader = createAnswerReader();
      const cuts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
      const [last, ...others] = cuts.filter(({ length }) => length > 0).reverse();
      for (const piece of others.reverse()) expect(reader.push(piece)).toBeUndefined();
      expect(reader.end()).toBeUndefined();
      expect(reader.push(last as Buffer)).toEqual(expected);
    }
  }
});

it('reads to the end of the connection what has no length', () => {
  const reader = createAnswerReader();
  expect(reader.hasBegun).toBe(false);
  expect(reader.push(Buffer.from('HTTP/1.1 200 OK\r\n'))).toBeUndefined();
  expect(reader.hasBegun).toBe(true);
  expect(reader.end()).toBeUndefined();
  expect(reader.push(Buffer.from('Server: nginx\r\n\r\nActive '))).toBeUndefined();
  reader.push(Buffer.from('connections'));
  expect(reader.end()).toEqual({ status: 200, text: 'Active connections', keepsConnection: false });
});

it('takes an empty body', () => {
  const empty = Buffer.from('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n');
  expect(createAnswerReader().push(empty)).toEqual({ status: 204, text: '', keepsConnection: true });
});

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
it.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'begins with "SSH-2.0'],
  ['an older one', 'HTTP/1.0 200 OK\r\n\r\n', 'begins with'],
  ['an answer that is to come yet', 'HTTP/1.1 100 Continue\r\n\r\n', 'begins with'],
  ['a head without an end', `${ok}${'a'.repeat(20_000)}`, 'head does not end'],
  ['two lengths', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 'means nothing'],
  ['two ways to say it', `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 'means nothing'],
  ['a length below zero', `${ok}Content-Length: -1\r\n\r\n`, 'means nothing'],
  ['another encoding', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n`, 'means nothing'],
  ['more than its length', `${ok}Content-Length: 1\r\n\r\nab`, 'after its end'],
  ['a chunk without a size', `${chunked}\r\n`, 'no size'],
  ['a size that is none', `${chunked}-5\r\n`, 'no size'],
  ['a size that is no number', `${chunked}5x\r\n`, 'no size'],
  ['a chunk beyond its size', `${chunked}1\r\nab\r\n0\r\n\r\n`, 'chunk of it goes on'],
  ['more than its chunks', `${chunked}0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n`, 'it goes on'],
  ['a line without an end', `${chunked}${'1'.repeat(20_000)}`, 'line of it does not end'],
])('refuses %s', (_, text, message) => {
  expect(() => createAnswerReader().push(Buffer.from(text))).toThrow(message);
});
