// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this

import type { YAMLError } from 'yaml';
import type { ProblemCollector } from './problem-collector.ts';

/**
 * Reports what the YAML parser found, in plain words. Of errors on one line only the first is kept, and none of the tokens
 * that the parser finds left over behind an earlier error: they are its consequences.
 */
export function reportYamlErrors(errors: readonly YAMLError[], text: string, problems: ProblemCollector): void {
  const lines = new Set<number>();
  for (const { code, message, pos } of errors) {
    const { line, column } = problems.positionOf(pos[0]);
    const isConsequence = message.includes('in YAML stream') && lines.size > 0;
    if (lines.has(line) || isConsequence) continue;
    lines.add(line);
    const start = pos[0] - column + 1;
    const sourceLine = text.slice(start, text.indexOf('\n', start) < 0 ? undefined : text.indexOf('\n', start));
    problems.add({
      path: [],
      range: { start: pos[0], end: Math.max(pos[1], pos[0] + 1) },
      message: ownWords[code] ?? plainMessage(message),
      advice: /[[{,]\s*(?:[\w-]+:\s*)?\$\{/.test(sourceLine)
        ? 'within { } and [ ] put "${…}" into quotation marks'
        : advice[code],
    });
  }
}

/** Where the parser speaks to programmers. */
const ownWords: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  RESOURCE_EXHAUSTION: 'lists and maps are nested too deeply',
};

const advice: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  MULTIPLE_DOCS: 'the file holds one document: remove the "---" and what belongs to another file',
  BAD_INDENT: 'keys of one map start in the same column',
  MISSING_CHAR: 'a bracket, a brace or a quotation mark may be missing here or on a line above',
  TAG_RESOLVE_FAILED: 'leave the "!" word out: values are plain text, numbers, lists and maps',
  BLOCK_AS_IMPLICIT_KEY: 'keys of one map start in the same column; a value with ": " in it needs quotation marks',
};

const tokens: Readonly<Record<string, string>> = {
  'flow-map-start': '"{"',
  'flow-map-end': '"}"',
  'flow-seq-start': '"["',
  'flow-seq-end': '"]"',
  'map-value-ind': '":"',
  'seq-item-ind': '"-"',
  scalar: 'text',
  'at node end': 'behind a value',
  'token in YAML stream': 'behind the end of the document',
};

/** The parser quotes what it stumbled over, which may be a secret: only single characters are kept. */
function plainMessage(message: string): string {
  let plain = message.replace(/:? "(?:[^"\\]|\\.){2,}"/g, '').replace(/: [^:]*$/, '');
  for (const [token, word] of Object.entries(tokens)) plain = plain.replace(token, word);
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}
