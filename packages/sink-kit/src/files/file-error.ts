import { SinkError } from '@signalbox/core';

const refused = new Set(['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ELOOP']);
const unreachable = new Set(['ENOENT', 'ENOTDIR']);
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The `code` of an error of the operating system, e.g. `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Names the file and what to do; `purpose` is a present participle, e.g. `writing`. */
export function toFileError(error: unknown, purpose: string, path: string): SinkError {
  const code = systemCode(error) ?? '';
  const message = `${purpose} "${path}"`;
  if (refused.has(code)) {
    return new SinkError(message, {
      code: 'SINK_REFUSED',
      cause: error,
      hint: 'give the user that runs Signalbox write access to the folder',
    });
  }
  if (unreachable.has(code)) {
    return new SinkError(message, { code: 'SINK_UNREACHABLE', cause: error, hint: 'create the folder' });
  }
  return new SinkError(message, {
    code: 'SINK_APPLY_FAILED',
    cause: error,
    ...(full.has(code) && { hint: 'free space on the disk; the old content is still in place' }),
  });
}
