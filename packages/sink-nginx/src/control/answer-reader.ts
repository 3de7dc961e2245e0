import { constants } from 'node:buffer';

export interface ControlAnswer {
  readonly status: number;
  readonly text: string;
  /** Whether the connection takes a further question. */
  readonly keepsConnection: boolean;
}

/** Reads one answer in the pieces in which it comes, cut anywhere (RFC 9112). */
export interface AnswerReader {
  /** True from the first byte on. */
  readonly hasBegun: boolean;
  /**
   * The answer, once it is whole.
   *
   * @throws {Error} when it is no answer, or goes on after its end.
   */
  push(piece: Buffer): ControlAnswer | undefined;
  /** The connection ended, and with it an answer that names no length. Undefined when it was cut off. */
  end(): ControlAnswer | undefined;
}

interface Head {
  readonly status: number;
  /** Bytes of the body; `chunked` when they come with it, undefined when it ends with the connection. */
  readonly length: number | 'chunked' | undefined;
  readonly keepsConnection: boolean;
}

/** Takes a piece of the body. True when it is whole. */
type BodyReader = (piece: Buffer) => boolean;

const maxHeadBytes = 16_384;
/** All of it becomes one string. */
const maxBodyBytes = constants.MAX_STRING_LENGTH;

export function createAnswerReader(): AnswerReader {
  let unread: Buffer | undefined;
  let head: Head | undefined;
  let readBody: BodyReader = () => false;
  const parts: Buffer[] = [];
  let bytes = 0;

  const keep = (part: Buffer): void => {
    bytes += part.length;
    if (bytes > maxBodyBytes) throw new Error(`it is longer than ${maxBodyBytes} bytes`);
    parts.push(part);
  };
  const conclude = ({ status, keepsConnection }: Head): ControlAnswer => {
    const [only] = parts;
    const body = only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
    return { status, text: body.toString(), keepsConnection };
  };
  const bodyReaderOf = ({ length }: Head): BodyReader => {
    if (length === 'chunked') return createChunkReader(keep);
    return (piece) => {
      keep(piece);
      if (length !== undefined && bytes > length) throw new Error('it goes on after its end');
      return bytes === length;
    };
  };

  return {
    get hasBegun() {
      return head !== undefined || unread !== undefined;
    },
    push(piece) {
      if (head !== undefined) return readBody(piece) ? conclude(head) : undefined;
      const text = unread === undefined ? piece : Buffer.concat([unread, piece]);
      const stop = text.indexOf('\r\n\r\n');
      if (stop === -1 ? text.length > maxHeadBytes : stop > maxHeadBytes) throw new Error('its head does not end');
      if (stop === -1) {
        unread = text;
        return undefined;
      }
      head = parseHead(text.toString('latin1', 0, stop + 2));
      readBody = bodyReaderOf(head);
      return readBody(text.subarray(stop + 4)) ? conclude(head) : undefined;
    },
    end: () => (head !== undefined && head.length === undefined ? conclude(head) : undefined),
  };
}

const statusPattern = /^HTTP\/1\.1 ([2-5]\d\d)(?: |\r\n)/;
const encodingPattern = /\r\ntransfer-encoding:.*/gi;
const lengthPattern = /\r\ncontent-length:.*/gi;
const connectionPattern = /\r\nconnection:.*/gi;

/** By its text as it is: a table of all headers would cost more than the rest of an answer. */
function parseHead(text: string): Head {
  const status = statusPattern.exec(text)?.[1];
  if (status === undefined) throw new Error(`it begins with ${JSON.stringify(text.slice(0, 100))}`);
  const length = lengthOf(text);
  const keepsConnection = length !== undefined && readHeader(text, connectionPattern) !== 'close';
  return { status: Number(status), length, keepsConnection };
}

/** Section 6.3, strictly: whoever names its length twice is not nginx. */
function lengthOf(text: string): Head['length'] {
  const [encoding, length] = [readHeader(text, encodingPattern), readHeader(text, lengthPattern)];
  if (encoding === undefined && length === undefined) return undefined;
  if (encoding === 'chunked' && length === undefined) return 'chunked';
  if (encoding === undefined && length !== undefined && /^\d{1,15}$/.test(length)) return Number(length);
  throw new Error(`it has a length that means nothing: ${JSON.stringify(length ?? encoding)}`);
}

/** In lower case. One that comes twice is a list. */
function readHeader(text: string, pattern: RegExp): string | undefined {
  const values = text.match(pattern)?.map((line) => line.slice(line.indexOf(':') + 1).trim());
  return values?.join(', ').toLowerCase();
}

/** Section 7.1. */
function createChunkReader(keep: (part: Buffer) => void): BodyReader {
  let line = '';
  let next: 'size' | 'break' | 'trailer' = 'size';
  let left = 0;

  /** True for the line that ends the body. */
  const readLine = (text: string): boolean => {
    if (next === 'trailer') return text === '';
    if (next === 'break') {
      if (text !== '') throw new Error('a chunk of it goes on after its end');
      next = 'size';
      return false;
    }
    const size = /^[0-9a-f]{1,8}(?=$|[ \t;])/i.exec(text)?.[0];
    if (size === undefined) throw new Error('a chunk of it has no size');
    left = Number.parseInt(size, 16);
    next = left === 0 ? 'trailer' : 'break';
    return false;
  };

  return (piece) => {
    let at = 0;
    while (at < piece.length) {
      if (left > 0) {
        const part = piece.subarray(at, at + left);
        keep(part);
        left -= part.length;
        at += part.length;
        continue;
      }
      const stop = piece.indexOf('\n', at);
      line += piece.toString('latin1', at, stop === -1 ? piece.length : stop);
      if (line.length > maxHeadBytes) throw new Error('a line of it does not end');
      if (stop === -1) return false;
      at = stop + 1;
      const isLast = readLine(line.trimEnd());
      line = '';
      if (!isLast) continue;
      if (at < piece.length) throw new Error('it goes on after its end');
      return true;
    }
    return false;
  };
}
