import { PipelineError, type PipelineErrorOptions } from './pipeline-error.ts';

export interface ConfigIssue {
  /** Keys from the root of what was validated. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What the user wrote cannot be used. Carries every issue, not only the first. */
export class ConfigError extends PipelineError {
  readonly issues: readonly ConfigIssue[];

  constructor(message: string, options: PipelineErrorOptions & { readonly issues?: readonly ConfigIssue[] }) {
    super(message, options);
    this.issues = options.issues ?? [];
  }
}
