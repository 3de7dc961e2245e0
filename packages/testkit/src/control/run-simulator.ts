/** For the programs: what goes wrong is one line on stderr, and ends the process with 64, the EX_USAGE of BSD's sysexits.h. */
export async function runSimulator(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const message = `error: ${error instanceof Error ? error.message : error}\n`;
    // What listens already would keep the process.
    process.stderr.write(message, () => process.exit(64));
  }
}
