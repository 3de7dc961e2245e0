export type { LoadConfigOptions, LoadedConfig } from './config/load.ts';
export { loadConfig } from './config/load.ts';
export type { ConfiguredPlugin } from './config/plugins.ts';
export type { Problem } from './config/problems.ts';
export { ConfigProblemsError, summarizeProblem } from './config/problems.ts';
export type { Path } from './config/tree.ts';
export type { ExitCode } from './exit-codes.ts';
export { exitCodeMeanings, exitCodes } from './exit-codes.ts';
