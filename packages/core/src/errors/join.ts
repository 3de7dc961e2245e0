import { isPipelineError, PipelineError } from './pipeline-error.ts';
import { messageOf } from './wrap.ts';

/** One error for a pass in which several sinks failed: none of them may go unheard. */
export function joinErrors(errors: readonly unknown[]): unknown {
  const [first] = errors;
  if (errors.length === 1 || !isPipelineError(first)) return first;
  const messages = errors.map((error) => `${isPipelineError(error) ? `${error.plugin?.id}: ` : ''}${messageOf(error)}`);
  return new PipelineError(`${errors.length} sinks failed: ${messages.join('; ')}`, {
    code: first.code,
    cause: first,
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  });
}
