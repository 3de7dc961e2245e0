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
  let buffer = '';
  return {
    push(chunk) {
      // The prompt may be cut in two by the chunks; what was searched before is not searched again.
      let searchFrom = Math.max(0, buffer.length - prompt.length + 1);
      buffer += chunk;
      const replies: string[] = [];
      let start = 0;
      for (;;) {
        const end = buffer.indexOf(prompt, searchFrom);
        if (end === -1) break;
        replies.push(trimLineEnds(buffer.slice(start, end)));
        start = end + prompt.length;
        searchFrom = start;
      }
      buffer = buffer.slice(start);
      return replies;
    },
    get partial() {
      return buffer !== '';
    },
  };
}

/** Up to 3.0 HAProxy echoes `+ ` for each line of a payload in prompt mode, before the reply. */
export function removePayloadEcho(reply: string): string {
  return trimLineEnds(reply.replace(/^(?:\+ )+/, ''));
}

function trimLineEnds(text: string): string {
  return text.replace(/^\n+/, '').replace(/\n+$/, '');
}
