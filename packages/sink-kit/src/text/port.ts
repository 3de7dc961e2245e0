import type { TextResult } from './text-result.ts';

/** An integer from 1 to 65535. */
export declare function checkPort(port: number): TextResult<number>;
