#!/usr/bin/env node
import { messageOf } from '@signalbox/core';
import { exitCodes } from './exit-codes.ts';
import { createProcessHost } from './host.ts';
import { runProgram } from './program.ts';

// Whoever reads our data may stop at any time, as in `signalbox catalog | head`. That is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  // Half of the data must not pass for all of it.
  process.stderr.write(`error: writing to stdout: ${error.message}\n`);
  process.exit(exitCodes.failed);
});
// A log that nobody reads any more is no reason to leave the proxies alone.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Thrown behind everybody's back, for example by a plugin in a callback. What state this leaves is unknown, so the process ends;
// what was applied stays in force, and a supervisor starts it again.
process.on('uncaughtException', (error) => {
  const detail = process.argv.includes('debug') ? error.stack : 'see where it was thrown with --log-level debug';
  process.stderr.write(`error: ${messageOf(error)}\n  hint: ${detail}\n`);
  process.exit(exitCodes.failed);
});

process.exitCode = await runProgram(process.argv.slice(2), createProcessHost());
// A plugin that left a timer behind must not keep the process; what was written goes out first.
process.stdout.write('', (error) => {
  // Told above.
  if (error == null) process.stderr.write('', () => process.exit());
});
