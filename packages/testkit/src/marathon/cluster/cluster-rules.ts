import type { AppDefinition } from './definition.ts';

/** Where versions of Marathon behave differently, apart from how they write it down. */
export interface ClusterRules {
  /** Whether a failed instance is launched again under its id (1.8 and later); before, each launch is a new task with a new id. */
  readonly keepsInstances: boolean;
  /** Whether `TASK_KILLING` exists (1.3 and later). */
  readonly killingState: boolean;
  /** Whether plans hold all apps before and after (up to 1.7); they are kept only then, for they grow with the square of the apps. */
  readonly plansHoldApps: boolean;
  /** Which apps in container mode have an IP per task: all in 0.14 to 1.2, those without Docker in 1.3 and 1.4. */
  readonly ipPerTask: 'always' | 'without-docker' | 'never';
  /**
   * Brings a definition, which may be in the form of any version, into that of 1.5. Throws a `SimulatorError` if it asks for what this version
   * does not know.
   */
  readonly readDefinition: (definition: AppDefinition) => AppDefinition;
}
