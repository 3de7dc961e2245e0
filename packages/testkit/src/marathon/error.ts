export type SimulatorErrorCode =
  | 'APP_EXISTS'
  | 'APP_LOCKED'
  | 'APP_UNKNOWN'
  | 'AGENT_UNKNOWN'
  | 'DEFINITION_INVALID'
  | 'REQUEST_INVALID'
  | 'NOT_SETTLED'
  | 'POD_UNKNOWN'
  | 'TASK_UNKNOWN';

/** A problem with one field of a definition, as Marathon names it in `details`. */
export interface FieldProblem {
  readonly path: string;
  readonly errors: readonly string[];
}

/** What was asked of the simulated cluster cannot be done. The REST API turns it into Marathon's answer. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly code: SimulatorErrorCode;
  readonly problems: readonly FieldProblem[];
  /** Ids of the deployments that hold a lock. */
  readonly deployments: readonly string[];

  constructor(
    code: SimulatorErrorCode,
    message: string,
    details: { readonly problems?: readonly FieldProblem[]; readonly deployments?: readonly string[] } = {},
  ) {
    super(message);
    this.code = code;
    this.problems = details.problems ?? [];
    this.deployments = details.deployments ?? [];
  }
}
