/**
 * Compiles a pattern in which `*` stands for any run of characters. The test gives what the stars stood for (each as little as
 * possible, the last one the rest), or `undefined` where the text does not fit.
 *
 * Text and pattern are walked once, without going back, so that no text can make it slow (as it could a regular expression).
 */
export function compileGlob(pattern: string): (text: string) => readonly string[] | undefined {
  if (!pattern.includes('*')) return (text) => (text === pattern ? [] : undefined);
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return undefined;
    const runs: string[] = [];
    let position = first.length;
    const end = text.length - last.length;
    for (const part of rest) {
      const found = text.indexOf(part, position);
      if (found < 0 || found + part.length > end) return undefined;
      runs.push(text.slice(position, found));
      position = found + part.length;
    }
    runs.push(text.slice(position, end));
    return runs;
  };
}
