import { runSource, type SourceRun } from '@signalbox/testkit';
import {
  createMesosDnsSimulator,
  type MesosDnsSimulator,
  type MesosDnsSimulatorOptions,
} from '@signalbox/testkit/mesos-dns';
import { onTestFinished } from 'vitest';
import type { mesosDns } from '../src/index.ts';

/** Ends with the test. */
export async function startSimulator(options: MesosDnsSimulatorOptions = {}): Promise<MesosDnsSimulator> {
  const simulator = await createMesosDnsSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

/** Runs the source until the test ends. */
export function run(source: ReturnType<typeof mesosDns>): SourceRun {
  const started = runSource(source, 'mesos');
  onTestFinished(async () => {
    await started.stop();
  });
  return started;
}
