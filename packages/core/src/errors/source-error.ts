import { PipelineError, type PipelineErrorOptions } from './pipeline-error.ts';

/** An upstream cannot tell, or does not say, what exists. */
export class SourceError extends PipelineError {
  /** Without credentials. */
  readonly url: string | undefined;
  readonly status: number | undefined;

  constructor(message: string, options: PipelineErrorOptions & { readonly url?: string; readonly status?: number }) {
    super(message, options);
    this.url = options.url;
    this.status = options.status;
  }
}
