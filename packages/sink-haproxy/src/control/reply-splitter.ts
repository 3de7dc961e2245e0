/** Cuts what comes from the socket into replies. */
export interface ReplySplitter {
  /** The replies that are complete now, without the line ends around them. */
  push(chunk: string): readonly string[];
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
  return {
    push(chunk) {
      const text = tail + chunk;
      const replies: string[] = [];
      let start = 0;
      for (let end = text.indexOf(prompt); end !== -1; end = text.indexOf(prompt, start)) {
        replies.push(trimLineEnds([...pieces, text.slice(start, end)].join('')));
        pieces = [];
        start = end + prompt.length;
      }
      const tailStart = Math.max(start, text.length - prompt.length + 1);
      if (tailStart > start) pieces.push(text.slice(start, tailStart));
      tail = text.slice(tailStart);
      return replies;
    },
    get partial() {
      return pieces.length > 0 || tail !== '';
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
