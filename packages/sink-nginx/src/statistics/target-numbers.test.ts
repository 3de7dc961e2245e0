import { expect, it } from 'vitest';
import { parseStubStatus } from './target-numbers.ts';

it('reads what nginx counts, and nothing of another text', () => {
  const text =
    'Active connections: 291 \nserver accepts handled requests\n 17 15 31070 \nReading: 6 Writing: 179 Waiting: 106 \n';
  expect(parseStubStatus(text)).toEqual({
    currentConnections: 291,
    idleConnections: 106,
    totalConnections: 17,
    refusedConnections: 2,
    totalRequests: 31_070,
    readingRequests: 6,
    writingAnswers: 179,
  });
  expect(parseStubStatus('<html>404</html>')).toEqual({});
  expect(parseStubStatus('')).toEqual({});
});
