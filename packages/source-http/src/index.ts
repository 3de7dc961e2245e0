export type { AuthOptions, BasicAuthOptions, TlsOptions } from '@signalbox/source-kit';
export { http, http as default } from './http.ts';
export type { HttpOptions } from './options.ts';
