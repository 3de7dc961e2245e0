/** Cuts what comes from the socket into replies. */
export interface ReplySplitter {
  /**
   * The replies that are complete now, without the line ends around them. `readerOf` says who takes the pieces of a reply, counted from the one that
   * was not complete before; such a reply is `''`.
   */
  push(chunk: string, readerOf?: (reply: number) => ((piece: string) => void) | undefined): readonly string[];
  /** True when bytes of an unfinished reply are held back. */
  readonly partial: boolean;
}

/** In prompt mode each reply ends in an empty line's break and the prompt, also an empty one. Holds from 2.6 to 3.4. */
const prompt = '\n> ';

export function createReplySplitter(): ReplySplitter {
  /** Of the unfinished reply. Joined once, at its end: a dump of 3 MB comes in hundreds of chunks, and copying it with each cost a second. */
  let pieces: string[] = [];
  /** Behind the pieces: what may be the beginning of a prompt that the chunks cut in two. */
  let tail = '';
  /** Whether pieces of the unfinished reply were handed on. */
  let isStreamed = false;
  return {
    push(chunk, readerOf) {
      const text = tail + chunk;
      const replies: string[] = [];
      let start = 0;
      const take = (end: number): void => {
        const read = readerOf?.(replies.length);
        const piece = text.slice(start, end);
        if (read === undefined) pieces.push(piece);
        else {
          isStreamed = true;
          read(piece);
        }
      };
      for (let end = text.indexOf(prompt); end !== -1; end = text.indexOf(prompt, start)) {
        take(end);
        replies.push(trimLineEnds(pieces.join('')));
        pieces = [];
        isStreamed = false;
        start = end + prompt.length;
      }
      const tailStart = Math.max(start, text.length - prompt.length + 1);
      if (tailStart > start) take(tailStart);
      tail = text.slice(tailStart);
      return replies;
    },
    get partial() {
      return pieces.length > 0 || isStreamed || tail !== '';
    },
  };
}

/** Up to 3.0 HAProxy echoes `+ ` for each line of a payload in prompt mode, before the reply. */
export function removePayloadEcho(reply: string): string {
  return trimLineEnds(reply.replace(/^(?:\+ )+/, ''));
}

function trimLineEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === '\n') start += 1;
  while (end > start && text[end - 1] === '\n') end -= 1;
  return text.slice(start, end);
}
