import {
  delay,
  type Inspection,
  type Pipeline,
  PipelineError,
  type Plan,
  withAbort,
  wrapPluginError,
} from '@signalbox/core';
import { formatPath } from '../config/tree.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { explainRequest } from '../explain/explain-request.ts';
import { explainService, type Findings } from '../explain/explain-service.ts';
import type { Explanation } from '../explain/explanation.ts';
import { findSubject, listServices, readHeaders, suggestSubjects } from '../explain/find-subject.ts';
import { Page } from '../explain/page.ts';
import { renderRequest } from '../explain/render-request.ts';
import { renderService } from '../explain/render-service.ts';
import type { Invocation } from '../invocation.ts';
import { sayFailure } from '../output/report-error.ts';
import { count } from '../output/text.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';

export interface ExplainOptions extends TimeoutOption {
  readonly what: string;
  readonly method: string;
  readonly header?: readonly string[];
}

/** More than this nobody reads; `--json` has them all. */
const mostShown = 10;

/** A sink that does not answer holds up no other. */
const sinkTimeoutMs = 10_000;

export async function execute(invocation: Invocation, options: ExplainOptions): Promise<ExitCode> {
  const { what, method, header = [] } = options;
  const headers = readHeaders(header);
  const { pipelineOptions, plugins } = await invocation.loadConfig();
  const types = new Map(plugins.map(({ path, type }) => [formatPath(path), type]));
  const typeOf = (place: string): string => types.get(place) ?? '';
  const findings = await runOnce(invocation, pipelineOptions, options, (pipeline, signal) =>
    look(pipeline, signal, typeOf),
  );
  const services = listServices(findings.trace);
  const subject = findSubject(what, services);
  if (subject.kind === 'unknown') {
    if (invocation.json) invocation.print(JSON.stringify({ services: [], meant: subject.meant }, undefined, 2));
    sayUnknown(invocation, `nothing is called "${what}": no service, endpoint or port`, subject.meant);
    return exitCodes.failed;
  }

  const chosen = subject.kind === 'services' ? subject.endpoints : new Set<string>();
  const request =
    subject.kind === 'request'
      ? explainRequest(subject.url, { ...subject.request, method, headers }, findings.trace)
      : undefined;
  const winners =
    request?.sinks.flatMap(({ candidates }) => candidates.filter(({ takesRequest }) => takesRequest)) ?? [];
  const ids = subject.kind === 'services' ? subject.ids : [...new Set(winners.map(({ service }) => service))];
  const explanation: Explanation = {
    ...(request && { request }),
    services: ids.flatMap((id) => {
      const service = services.get(id);
      return service === undefined ? [] : [explainService(service, findings)];
    }),
  };
  if (invocation.json) invocation.print(JSON.stringify(explanation, toJson, 2));
  else invocation.print(render(explanation, chosen, invocation));
  if (ids.length > 0) return exitCodes.ok;
  const hostname = subject.kind === 'request' ? subject.request.hostname : what;
  sayUnknown(invocation, `no route takes ${method} ${what}`, suggestSubjects(hostname, services.values()));
  return exitCodes.failed;
}

/** One look at everything. Nothing is changed. */
async function look(pipeline: Pipeline, signal: AbortSignal, typeOf: Findings['typeOf']): Promise<Findings> {
  const restored = new Set<string>();
  const unsubscribe = pipeline.subscribe((event) => {
    if (event.type === 'source-restore') restored.add(event.source);
  });
  try {
    return await pipeline.inspect(
      signal,
      async (inspection) => {
        await inspection.firstCatalog();
        const { trace, status } = pipeline;
        const [plans, readings] = await Promise.all([
          planAll(Object.keys(trace.sinks), inspection),
          pipeline.statistics(inspection.signal, { timeoutMs: sinkTimeoutMs }),
        ]);
        const explain = pipeline.explain.bind(pipeline);
        return { trace, status, explain, typeOf, plans, readings, restored, nowMs: Date.now() };
      },
      { singlePass: true },
    );
  } finally {
    unsubscribe();
  }
}

async function planAll(sinks: readonly string[], inspection: Inspection): Promise<Findings['plans']> {
  const plan = async (id: string): Promise<Plan | PipelineError> => {
    try {
      return await planInTime(id, inspection);
    } catch (error) {
      inspection.signal.throwIfAborted();
      return wrapPluginError(error, { id, kind: 'sink' });
    }
  };
  return new Map(await Promise.all(sinks.map(async (id) => [id, await plan(id)] as const)));
}

async function planInTime(id: string, { plan, signal }: Inspection): Promise<Plan> {
  const expiry = new AbortController();
  const late = delay(sinkTimeoutMs, AbortSignal.any([signal, expiry.signal])).then(() => {
    throw new PipelineError('no plan within 10s', { code: 'SINK_UNREACHABLE', hint: 'try "signalbox plan"' });
  });
  try {
    return await withAbort(Promise.race([plan(id), late]), signal);
  } finally {
    expiry.abort();
  }
}

function sayUnknown(invocation: Invocation, message: string, meant: readonly string[]): void {
  const hint = meant.length === 0 ? '"signalbox catalog" shows what there is' : `did you mean ${meant.join(', ')}?`;
  sayFailure(invocation, message, hint);
}

function render({ request, services }: Explanation, chosen: ReadonlySet<string>, invocation: Invocation): string {
  const page = new Page(invocation.colors, invocation.width);
  if (request !== undefined) renderRequest(request, page);
  for (const service of services.slice(0, mostShown)) {
    page.gap();
    renderService(service, chosen, page);
  }
  const others = services.slice(mostShown);
  if (others.length > 0) {
    page.gap();
    page.add(0, `and ${count(others.length, 'more service')}: ${others.map(({ id }) => id).join(' ')}`);
  }
  return page.render();
}

/** Statistics are told by maps. */
function toJson(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
