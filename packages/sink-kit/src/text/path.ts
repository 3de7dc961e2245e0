import type { TextResult } from './text-result.ts';

/** An absolute URL path of harmless characters: no space, quote, `;`, `#`, `$`, `\`, brace. At most 1024 characters. */
export declare function checkPath(text: string): TextResult;
