import {
  isAbortError,
  PipelineError,
  type PluginContext,
  type PluginKind,
  type Sink,
  type Source,
  wrapPluginError,
} from '@signalbox/core';
import type { LoadedConfig } from '../config/load.ts';
import { ConfigProblemsError } from '../config/problems.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import { type Invocation, readDurationFlag } from '../invocation.ts';
import { reportError } from '../output/report-error.ts';
import { count } from '../output/text.ts';
import { type TimeoutOption, watchInterrupts } from '../run-once.ts';

export interface CheckOptions extends TimeoutOption {
  readonly probe?: boolean;
}

interface ProbeResult {
  readonly kind: PluginKind;
  readonly id: string;
  /** `skipped`: the plugin has no probe. */
  readonly outcome: 'ok' | 'failed' | 'skipped';
  readonly error?: PipelineError;
}

export async function execute(invocation: Invocation, options: CheckOptions): Promise<ExitCode> {
  let config: LoadedConfig;
  try {
    config = await invocation.loadConfig();
  } catch (error) {
    if (!invocation.json || !(error instanceof ConfigProblemsError)) throw error;
    invocation.print(JSON.stringify({ valid: false, problems: error.problems }, undefined, 2));
    return exitCodes.badConfiguration;
  }
  const probes = options.probe === true ? await probeAll(invocation, config, options) : [];
  if (invocation.json) {
    const results = probes.map(({ error, ...result }) => ({
      ...result,
      ...(error && { code: error.code, message: error.message, hint: error.hint }),
    }));
    invocation.print(JSON.stringify({ valid: true, problems: [], probes: results }, undefined, 2));
  } else {
    const parts = (['source', 'transform', 'sink'] as const).map((kind) =>
      count(config.plugins.filter((plugin) => plugin.kind === kind).length, kind),
    );
    const { colors } = invocation;
    invocation.print(`${invocation.configPath}: ${colors.green('valid')}, ${parts.join(', ')}`);
    for (const { kind, id, outcome } of probes) {
      const paint = { ok: colors.green, failed: colors.red, skipped: colors.dim }[outcome];
      invocation.print(`${kind} ${id}: ${paint(outcome === 'skipped' ? 'has no probe' : outcome)}`);
    }
    for (const { error } of probes) if (error !== undefined) await reportError(error, invocation);
  }
  const failed = probes.find(({ error }) => error !== undefined);
  return failed === undefined ? exitCodes.ok : exitCodeOf(failed.error);
}

async function probeAll(
  invocation: Invocation,
  { pipelineOptions }: LoadedConfig,
  { timeout }: TimeoutOption,
): Promise<readonly ProbeResult[]> {
  const timeoutMs = await readDurationFlag('--timeout', timeout);
  const logger = await invocation.createLogger();
  const interrupts = watchInterrupts(invocation);
  const probe = async (kind: PluginKind, id: string, plugin: Source | Sink): Promise<ProbeResult> => {
    if (plugin.probe === undefined) return { kind, id, outcome: 'skipped' };
    const expiry = AbortSignal.timeout(Math.max(1, timeoutMs));
    const context: PluginContext = { id, logger, signal: AbortSignal.any([interrupts.signal, expiry]) };
    try {
      await plugin.probe(context);
      return { kind, id, outcome: 'ok' };
    } catch (error) {
      if (interrupts.signal.aborted) throw interrupts.signal.reason;
      return {
        kind,
        id,
        outcome: 'failed',
        error:
          expiry.aborted && isAbortError(error, context.signal)
            ? timedOut(kind, id, timeout)
            : wrapPluginError(error, { id, kind }),
      };
    }
  };
  try {
    return await Promise.all([
      ...Object.entries(pipelineOptions.sources).map(([id, entry]) =>
        probe('source', id, 'source' in entry ? entry.source : entry),
      ),
      ...Object.entries(pipelineOptions.sinks).map(([id, entry]) =>
        probe('sink', id, 'sink' in entry ? entry.sink : entry),
      ),
    ]);
  } finally {
    interrupts.stop();
  }
}

function timedOut(kind: PluginKind, id: string, timeout: string): PipelineError {
  const code = kind === 'source' ? 'SOURCE_TIMEOUT' : 'SINK_UNREACHABLE';
  return wrapPluginError(
    new PipelineError(`no answer within ${timeout}`, { code, hint: 'give more time with --timeout' }),
    { id, kind },
  );
}
