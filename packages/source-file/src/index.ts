export { file, file as default } from './file.ts';
export type { FileOptions } from './options.ts';
