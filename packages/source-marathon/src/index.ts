export type { BasicAuthOptions, TlsOptions } from '@signalbox/source-kit';
export type { MarathonAuthOptions, MarathonServiceAccount } from './auth/auth-options.ts';
export { marathon, marathon as default } from './marathon.ts';
export type { MarathonOptions } from './options.ts';
