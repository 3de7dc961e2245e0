#!/usr/bin/env node
import { createProcessHost } from './host.ts';
import { runProgram } from './program.ts';

// Whoever reads our output may stop at any time, as in `signalbox catalog | head`. That is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

process.exitCode = await runProgram(process.argv.slice(2), createProcessHost());
// A plugin that left a timer behind must not keep the process; what was written goes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
