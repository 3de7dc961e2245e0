/** Starts a program of `dist`, or says that nothing was built yet. */
export async function startProgram(name) {
  const program = new URL(`../dist/${name}.js`, import.meta.url);
  try {
    await import(program.href);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || error.url !== program.href) throw error;
    process.stderr.write(
      'error: the simulator is not built yet\n  hint: run "npm run build" in the root of the repository\n',
    );
    process.exitCode = 1;
  }
}
