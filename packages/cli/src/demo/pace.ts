import type { SimulatorTiming } from '@signalbox/testkit/marathon';

/** How fast the demo goes. */
export interface Pace {
  /** How long traffic is watched once an act has had its effect. */
  readonly holdMs: number;
  /** Longest wait for an act to have its effect. A reload keeps a distance of five times as long as the last one took, on a busy machine half a minute. */
  readonly patienceMs: number;
  /** Between two requests of one client. */
  readonly requestIntervalMs: number;
  readonly timing: Partial<SimulatorTiming>;
}

export const paces = {
  /** For people who watch: about a minute. */
  full: {
    holdMs: 2_500,
    patienceMs: 60_000,
    requestIntervalMs: 100,
    timing: {
      stagingMs: 200,
      startingMs: 300,
      healthDelayMs: 200,
      readinessMs: 600,
      drainMs: 2_000,
      lingerMs: 500,
      failureNoticeMs: 400,
      relaunchMs: 300,
      agentTimeoutMs: 1_500,
      expungeMs: 500,
      electionMs: 800,
      jitterMs: 100,
    },
  },
  /** For tests: a third of that. */
  quick: {
    holdMs: 400,
    patienceMs: 60_000,
    requestIntervalMs: 80,
    timing: {
      healthDelayMs: 60,
      readinessMs: 150,
      drainMs: 1_500,
      lingerMs: 300,
      failureNoticeMs: 150,
      agentTimeoutMs: 700,
      electionMs: 300,
    },
  },
} as const satisfies Readonly<Record<string, Pace>>;
