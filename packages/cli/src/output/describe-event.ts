import { messageOf, type PipelineError, type PipelineEvent, type PlannedChange } from '@signalbox/core';
import { roundedDuration } from '../config/durations.ts';
import { count } from './text.ts';

/** A log record for an event of a pipeline. */
export interface EventDescription {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  /** For machines; what the message says already is not repeated for people. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What an event means for the operator: one sentence, a level and the numbers behind it. Pure. */
export function describeEvent(event: PipelineEvent): EventDescription {
  switch (event.type) {
    case 'pipeline-start':
      return { level: 'info', message: 'started', fields: {} };
    case 'pipeline-end':
      // The error itself is reported by whoever started the pipeline.
      return event.error === undefined
        ? { level: 'info', message: 'stopped; nothing that was applied is taken back', fields: {} }
        : { level: 'debug', message: 'stopped by an error', fields: errorFields(event.error) };
    case 'source-sync': {
      const { source, services, endpoints, changed } = event;
      const size = `${count(services, 'service')} with ${count(endpoints, 'endpoint')}`;
      const message = changed ? `source ${source} has ${size}` : `source ${source} still has ${size}`;
      return { level: changed ? 'info' : 'debug', message, fields: { source, services, endpoints } };
    }
    case 'source-error': {
      const { source, error, attempt, retryInMs } = event;
      const message = `source ${source}: ${messageOf(error)}; next try in ${roundedDuration(retryInMs)}`;
      return { level: 'warn', message, fields: { source, attempt, retryInMs, ...errorFields(error) } };
    }
    case 'source-restore': {
      const { source, services, syncedAt, at } = event;
      const message = `source ${source} does not answer; using ${count(services, 'service')} that it gave ${roundedDuration(at - syncedAt)} ago`;
      return { level: 'warn', message, fields: { source, services, syncedAt } };
    }
    case 'transform-change': {
      const { transform } = event;
      return {
        level: 'info',
        message: `transform ${transform}: its input changed`,
        fields: { transform },
      };
    }
    case 'transform-error': {
      const { transform, error } = event;
      return {
        level: 'error',
        message: `transform ${transform}: ${messageOf(error)}`,
        fields: { transform, ...errorFields(error) },
      };
    }
    case 'guard-hold': {
      const { source, hold } = event;
      const end =
        hold.until === undefined
          ? 'until it recovers or an operator confirms'
          : `for ${roundedDuration(hold.until - event.at)} at most`;
      return {
        level: 'warn',
        message: `holding ${hold.service ?? `source ${source}`} ${end}: ${hold.reason}`,
        fields: { source, ...hold },
      };
    }
    case 'guard-release': {
      const { source, hold, cause } = event;
      const reason = { recovered: 'it recovered', timeout: 'its time is over', confirmed: 'an operator confirmed' }[
        cause
      ];
      const level = cause === 'timeout' ? 'warn' : 'info';
      return {
        level,
        message: `releasing ${hold.service ?? `source ${source}`}: ${reason}`,
        fields: { source, ...hold, cause },
      };
    }
    case 'catalog-change': {
      const { catalog, changes } = event;
      const parts = (['added', 'changed', 'removed'] as const)
        .filter((kind) => changes[kind].length > 0)
        .map((kind) => `${changes[kind].length} ${kind}`);
      const message = `catalog ${catalog.version}: ${parts.join(', ') || 'no services'}${changes.urgent ? ', urgent' : ''}`;
      const { added, changed, removed } = changes;
      return { level: 'debug', message, fields: { version: catalog.version, added, changed, removed } };
    }
    case 'sink-plan': {
      const { sink, catalogVersion, changes, warnings } = event;
      const message = `sink ${sink} plans ${count(changes.length, 'change')} for catalog ${catalogVersion}`;
      return { level: 'debug', message, fields: { sink, catalogVersion, changes, warnings } };
    }
    case 'sink-apply': {
      const { sink, catalogVersion, changes, durationMs } = event;
      const message = `sink ${sink} applied ${count(changes.length, 'change')} in ${Math.round(durationMs)} ms: ${summarize(changes)}`;
      return {
        level: 'info',
        message,
        fields: { sink, catalogVersion, durationMs, changeCount: changes.length, changes: sample(changes) },
      };
    }
    case 'sink-error': {
      const { sink, error, phase, attempt, retryInMs } = event;
      const message = `sink ${sink}, ${phase}: ${messageOf(error)}; next try in ${roundedDuration(retryInMs)}`;
      return { level: 'error', message, fields: { sink, phase, attempt, retryInMs, ...errorFields(error) } };
    }
    case 'state-error': {
      const { source, error } = event;
      const message = `state of source ${source}: ${messageOf(error)}`;
      return { level: 'warn', message, fields: { source, ...errorFields(error) } };
    }
  }
}

function errorFields(error: PipelineError): Record<string, unknown> {
  return { error, code: error.code };
}

/** Enough to see what happened, not a whole catalog. Reloads first: they are what operators look for. */
function sample(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  const reloads = changes.filter(({ action }) => action === 'reload');
  return [...reloads, ...changes.filter(({ action }) => action !== 'reload')].slice(0, 20);
}

function summarize(changes: readonly PlannedChange[]): string {
  const shown = changes.slice(0, 3).map((change) => change.summary);
  return changes.length > 3 ? `${shown.join('; ')}; and ${changes.length - 3} more` : shown.join('; ');
}
