import type { HttpDialect } from '../dialect.ts';

/** 0.11 to 1.3; what came before and after is said by the versions. */
export const httpOf0_11: HttpDialect = {
  embed: 'repeated',
  embedsReadiness: false,
  embedsInGroups: false,
  textTasks: true,
  unknownRoute: 404,
  noLeader: 503,
  leaderRefused: 502,
  announcesLeader: true,
};
