import type { ErrorCode } from './codes.ts';

/** Registered, so that the check holds when two copies of this package are installed. */
const marker = Symbol.for('signalbox.error');

export interface PipelineErrorOptions {
  readonly code: ErrorCode;
  readonly cause?: unknown;
  /** Whether trying again later may help. The default depends on the code. */
  readonly retryable?: boolean;
  /** What to do about it, one sentence. */
  readonly hint?: string;
}

/** The base of every error that Signalbox throws on purpose. Match on `code`, never on the message. */
export class PipelineError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly hint: string | undefined;
  /** The plugin it came from; set by the runtime. */
  plugin: { readonly id: string; readonly kind: string } | undefined;
  readonly [marker] = true;

  constructor(message: string, options: PipelineErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.retryable = options.retryable ?? !permanentCodes.has(options.code);
    this.hint = options.hint;
  }
}

const permanentCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CONFIG_INVALID',
  'CONFIG_UNREADABLE',
  'PLUGIN_NOT_FOUND',
  'PLUGIN_INVALID',
  'PLUGIN_CONTRACT',
  'PIPELINE_REUSED',
  'SOURCE_UNAUTHORIZED',
  'SOURCE_NOT_FOUND',
  'SINK_REFUSED',
]);

/** Holds across duplicate copies of this package, where `instanceof` does not. */
export function isPipelineError(value: unknown): value is PipelineError {
  return typeof value === 'object' && value !== null && marker in value;
}
