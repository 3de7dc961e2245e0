import type { Logger } from '@signalbox/core';

export interface LogRecord {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** With the bindings of the logger that it was given to. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface RecordingLogger extends Logger {
  /** Everything logged so far, by this logger and its children. */
  readonly records: readonly LogRecord[];
}

/** Keeps what is logged, for tests to look at. */
export function recordingLogger(): RecordingLogger {
  const records: LogRecord[] = [];
  return { ...recordInto(records, {}), records };
}

function recordInto(records: LogRecord[], bindings: object): Logger {
  const record =
    (level: LogRecord['level']) =>
    (fields: object, message: string): void => {
      records.push({ level, fields: { ...bindings, ...fields }, message });
    };
  return {
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    child: (added) => recordInto(records, { ...bindings, ...added }),
  };
}
