/** A part of a page that is written by a program, between two comments that no reader sees. */
const part = /^<!-- (snippet|generated): (\S+) -->\n(?:.*?\n)??<!-- \/\1 -->$/gms;

export interface PartWriters {
  /** Markdown of a file of this repository. */
  readonly snippet: (path: string) => string;
  /** Markdown of what has that name. */
  readonly generated: (name: string) => string;
}

/** Writes every such part anew. Pages hold them as text, so that they can be read as Markdown too, without VitePress. */
export function fillPage(text: string, writers: PartWriters): string {
  return text.replaceAll(part, (_, kind: keyof PartWriters, name: string) =>
    [`<!-- ${kind}: ${name} -->`, writers[kind](name), `<!-- /${kind} -->`].join('\n\n'),
  );
}
