import type { StreamDialect } from '../dialect.ts';

/** 0.11 to 1.3; what came before and after is said by the versions. */
export const streamOf0_11: StreamDialect = {
  namesEvents: true,
  filters: false,
  plans: 'heavy',
  standby: 'proxy',
  maxOutstandingEvents: 50,
  overflow: 'drop',
};
