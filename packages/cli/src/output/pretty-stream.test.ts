import { expect, test } from 'vitest';
import { createColors } from './colors.ts';
import { createLogger } from './logger.ts';
import { unlimitedWidth } from './wrap-text.ts';

function write(
  level: 'debug' | 'info',
  use: (logger: ReturnType<typeof createLogger>) => void,
  width: number = unlimitedWidth,
): string {
  const written: string[] = [];
  use(
    createLogger({
      level,
      format: 'pretty',
      output: { write: (text) => written.push(text) },
      colors: createColors(false),
      width: () => width,
    }),
  );
  return written.join('').replace(/^\d\d:\d\d:\d\d/gm, '12:00:00');
}

test('a record is one line: time, level, message, fields', () => {
  const text = write('info', (logger) => {
    logger.child({ sink: 'edge' }).warn({ path: '/etc/haproxy', note: 'two words', list: [1] }, 'checking');
    logger.debug({}, 'not shown');
  });
  expect(text).toBe('12:00:00 warn  checking sink=edge path=/etc/haproxy note="two words" list=[1]\n');
});

test('an event says everything in its message', () => {
  expect(write('info', (logger) => logger.info({ event: 'source-sync', services: 2 }, 'two services'))).toBe(
    '12:00:00 info  two services\n',
  );
});

test('an error that the message does not name is shown, with its hint on a line of its own', () => {
  const error = Object.assign(new Error('refused'), {
    [Symbol.for('signalbox.error')]: true,
    code: 'SOURCE_UNREACHABLE',
    hint: 'start it',
  });
  expect(write('info', (logger) => logger.error({ error }, 'asking'))).toBe(
    '12:00:00 error asking error=refused\n               hint: start it\n',
  );
  expect(write('debug', (logger) => logger.error({ error }, 'asking: refused'))).toMatch(
    /^12:00:00 error asking: refused\n {15}hint: start it\n {15}Error: refused\n {19}at /,
  );
});

test('on a terminal further lines stand below the message, and nothing moves the cursor', () => {
  const text = write('info', (logger) => logger.info({}, 'a message of several words\u001b[2J, and more'), 40);
  expect(text).toBe('12:00:00 info  a message of several\n               words\\x1b[2J, and more\n');
});
