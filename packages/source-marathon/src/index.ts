export { marathon, marathon as default } from './marathon.ts';
export type { MarathonOptions, MarathonTlsOptions } from './options.ts';
