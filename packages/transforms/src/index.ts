export type { FilterOptions } from './filter.ts';
export { filter } from './filter.ts';
export type { RouteInput, RouteOptions, RouteRule } from './route/route-options.ts';
export { route } from './route.ts';
