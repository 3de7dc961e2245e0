import { PipelineError, type PipelineErrorOptions } from './pipeline-error.ts';

/** A target could not be brought to the wanted state. */
export class SinkError extends PipelineError {
  /** Last lines of what the target or its check said. */
  readonly output: string | undefined;

  constructor(message: string, options: PipelineErrorOptions & { readonly output?: string }) {
    super(message, options);
    this.output = options.output;
  }
}
