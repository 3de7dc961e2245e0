/** What was asked of the simulator cannot be done. */
export class MesosDnsSimulatorError extends Error {
  override readonly name = 'MesosDnsSimulatorError';
}
