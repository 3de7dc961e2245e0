/**
 * The words of a configuration as nginx splits them (ngx_conf_file.c): a word ends at white space, `;` and `{`, a quote at its start makes one word
 * of what follows, a backslash takes the next character as it is, and `#` at the start of a word begins a comment.
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  let isComment = false;
  const end = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
    quote = undefined;
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (isComment) isComment = character !== '\n';
    else if (character === '\\') {
      index += 1;
      word = (word ?? '') + (text[index] ?? '');
    } else if (quote !== undefined) {
      if (character === quote) end();
      else word = (word ?? '') + character;
    } else if (word === undefined && (character === '"' || character === "'")) {
      quote = character;
      word = '';
    } else if (word === undefined && character === '#') isComment = true;
    else if (/[\s;]/.test(character)) end();
    // `${name}` is a variable, every other brace a block.
    else if (character === '{' && !word?.endsWith('$')) end();
    else word = (word ?? '') + character;
  }
  end();
  return words;
}
