#!/usr/bin/env node
// A file that is always there: npm links the commands of a workspace on installation, before anything is built.
const program = new URL('../dist/mesos-dns-simulator.js', import.meta.url);

try {
  await import(program.href);
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || error.url !== program.href) throw error;
  process.stderr.write(
    'error: the simulator is not built yet\n  hint: run "npm run build" in the root of the repository\n',
  );
  process.exitCode = 1;
}
