import type { DesiredInputs } from '../../src/desired/desired-state.ts';

/** Nothing that the services of a test meet outside of their catalog. */
export const noInputs: DesiredInputs = {
  lookUp: () => undefined,
  occupiedPorts: new Set(),
  refused: new Map(),
  certificates: new Set(),
  clientAuthorities: new Map(),
};
