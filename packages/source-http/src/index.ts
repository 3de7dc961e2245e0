export { http, http as default } from './http.ts';
export type { HttpAuthOptions, HttpBasicAuth, HttpOptions, HttpTlsOptions } from './options.ts';
