import { isPipelineError, PipelineError } from './pipeline-error.ts';
import { messageOf } from './wrap.ts';

/** One error for a pass in which several sinks failed: none of them may go unheard. Its cause is an `AggregateError` of them all. */
export function joinErrors(errors: readonly unknown[]): unknown {
  const [first] = errors;
  if (errors.length === 1 || !isPipelineError(first)) return first;
  const messages = errors.map((error) => `${isPipelineError(error) ? `${error.plugin?.id}: ` : ''}${messageOf(error)}`);
  const message = `${errors.length} sinks failed: ${messages.join('; ')}`;
  return new PipelineError(message, {
    code: first.code,
    cause: new AggregateError(errors, message),
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  });
}
