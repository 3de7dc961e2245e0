export type { HostileServiceOptions } from './hostile-service.ts';
export { hostileService, hostileText } from './hostile-service.ts';
export type { HostileRendering, HostileTextOptions } from './test-hostile-text.ts';
export { testHostileText } from './test-hostile-text.ts';
