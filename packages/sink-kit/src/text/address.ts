import type { TextResult } from './text-result.ts';

/** An endpoint's address: IPv4, IPv6 without brackets or zone (in its canonical form), or a host name. */
export declare function checkAddress(text: string): TextResult;
