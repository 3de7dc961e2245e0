import type { TextResult } from './text-result.ts';

/** A host name for routing: lower case, IDNA done, trailing dot removed, at most 253 characters; `*.` in front is allowed. */
export declare function checkHostname(text: string): TextResult;
