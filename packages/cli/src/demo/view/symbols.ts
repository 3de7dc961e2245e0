import type { ActMark, EndpointMark } from './view.ts';

export interface Symbols {
  readonly endpoints: Readonly<Record<EndpointMark, string>>;
  readonly acts: Readonly<Record<ActMark, string>>;
  readonly arrow: string;
  readonly ellipsis: string;
}

const unicode: Symbols = {
  endpoints: { up: '●', draining: '◐', down: '○' },
  acts: { waiting: '·', now: '▸', kept: '✓', broken: '✗' },
  arrow: '→',
  ellipsis: '…',
};

const ascii: Symbols = {
  endpoints: { up: '*', draining: '-', down: 'o' },
  acts: { waiting: '.', now: '>', kept: '+', broken: 'x' },
  arrow: '->',
  ellipsis: '~',
};

/** The locale decides, by the first of these variables that is set (POSIX, Environment Variables, 8.2). */
export function chooseSymbols(environment: Readonly<Record<string, string | undefined>>): Symbols {
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '');
  return locale !== undefined && /utf-?8/i.test(locale) ? unicode : ascii;
}

export const symbolSets = { unicode, ascii };
