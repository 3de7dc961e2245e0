export type { MarathonAuthOptions, MarathonBasicAuth, MarathonServiceAccount } from './auth/auth-options.ts';
export { marathon, marathon as default } from './marathon.ts';
export type { MarathonOptions, MarathonTlsOptions } from './options.ts';
