#!/usr/bin/env node
import { messageOf } from '@signalbox/core';
import { exitCodes } from './exit-codes.ts';
import { createProcessHost } from './host.ts';
import { runProgram } from './program.ts';

// Whoever reads our data may stop at any time, as in `signalbox catalog | head`. That is no error.
process.stdout.on(
  'error',
  onBrokenPipe(() => process.exit()),
);
// A log that nobody reads any more is no reason to leave the proxies alone.
process.stderr.on(
  'error',
  onBrokenPipe(() => {}),
);

function onBrokenPipe(end: () => void): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code !== 'EPIPE') throw error;
    end();
  };
}

// Thrown behind everybody's back, for example by a plugin in a callback. What state this leaves is unknown, so the process ends;
// what was applied stays in force, and a supervisor starts it again.
process.on('uncaughtException', (error) => {
  const detail = process.argv.includes('debug') ? error.stack : 'see where it was thrown with --log-level debug';
  process.stderr.write(`error: ${messageOf(error)}\n  hint: ${detail}\n`);
  process.exit(exitCodes.failed);
});

process.exitCode = await runProgram(process.argv.slice(2), createProcessHost());
// A plugin that left a timer behind must not keep the process; what was written goes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
