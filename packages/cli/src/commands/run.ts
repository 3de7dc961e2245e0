import { createPipeline, Handover, type Logger } from '@signalbox/core';
import { Admin } from '../admin/admin.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { ExitCode } from '../exit-codes.ts';
import { Interrupted } from '../interrupted.ts';
import type { Invocation } from '../invocation.ts';
import { logEvents } from '../output/log-events.ts';
import { logWarnings } from '../output/log-warnings.ts';
import { reportError } from '../output/report-error.ts';
import { watchInterrupts } from '../run-once.ts';

/** Runs until SIGINT or SIGTERM. SIGHUP reads the configuration again; a bad one changes nothing. */
export async function execute(invocation: Invocation): Promise<ExitCode> {
  const interrupts = watchInterrupts(invocation);
  const reloads = new ReloadRequests(invocation);
  const admin = new Admin();
  try {
    const logger = await invocation.createLogger();
    let config = await invocation.loadConfig();
    let previous: LoadedConfig | undefined;
    for (;;) {
      try {
        await admin.listen(config.adminListen);
        const next = await runUntilReload({
          invocation,
          config,
          logger,
          admin,
          interrupted: interrupts.signal,
          reloads,
        });
        previous = config;
        config = next;
      } catch (error) {
        // A pipeline ends by itself only before its sources have answered: a new file that is valid, with a wrong password. Or somebody
        // else listens where the new file wants the admin endpoint.
        if (error instanceof Interrupted || previous === undefined) throw error;
        await reportError(error, invocation);
        logger.error({ event: 'config-reject' }, 'the new configuration does not work; going back to the one before');
        config = previous;
        previous = undefined;
      }
    }
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    throw error;
  } finally {
    reloads.stop();
    interrupts.stop();
    await admin.close();
  }
}

interface Run {
  readonly invocation: Invocation;
  readonly config: LoadedConfig;
  readonly logger: Logger;
  readonly admin: Admin;
  readonly interrupted: AbortSignal;
  readonly reloads: ReloadRequests;
}

/** Resolves to the next configuration. What the sinks applied stays in force while the pipelines change over. */
async function runUntilReload(run: Run): Promise<LoadedConfig> {
  const { invocation, config, logger, admin, interrupted, reloads } = run;
  const replaced = new AbortController();
  const pipeline = createPipeline({ ...config.pipelineOptions, logger: logger.child({ event: 'plugin-log' }) });
  const unsubscribes = [logEvents(pipeline, logger), logWarnings(pipeline, logger), admin.show(pipeline)];
  const ended = new AbortController();
  const next = awaitNextConfig(invocation, config, logger, reloads, AbortSignal.any([interrupted, ended.signal]));
  next.then(
    () => replaced.abort(new Handover()),
    () => undefined,
  );
  try {
    await pipeline.run(AbortSignal.any([interrupted, replaced.signal]));
  } catch (error) {
    if (!interrupted.aborted && !replaced.signal.aborted) throw error;
  } finally {
    ended.abort();
    for (const unsubscribe of unsubscribes) unsubscribe();
  }
  interrupted.throwIfAborted();
  return next;
}

async function awaitNextConfig(
  invocation: Invocation,
  current: LoadedConfig,
  logger: Logger,
  reloads: ReloadRequests,
  signal: AbortSignal,
): Promise<LoadedConfig> {
  for (;;) {
    await reloads.next(signal);
    try {
      const next = await invocation.loadConfig();
      signal.throwIfAborted();
      if (next.digest !== current.digest) {
        logger.info(
          { event: 'config-change', file: next.file },
          'the configuration changed; starting over with the new one',
        );
        return next;
      }
      logger.info({ event: 'config-unchanged', file: next.file }, 'the configuration is unchanged');
    } catch (error) {
      signal.throwIfAborted();
      await reportError(error, invocation);
      logger.error({ event: 'config-reject' }, 'the new configuration cannot be used; going on with the old one');
    }
  }
}

/** Remembers that a reload was asked for, also while an earlier one is under way. Several requests count as one. */
class ReloadRequests {
  readonly stop: () => void;
  #isPending = false;
  #wake: () => void = () => {};

  constructor({ host }: Invocation) {
    this.stop = host.onSignal('SIGHUP', () => {
      this.#isPending = true;
      this.#wake();
    });
  }

  /** Throws the signal's reason when it is aborted first. */
  async next(signal: AbortSignal): Promise<void> {
    while (!this.#isPending) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    this.#isPending = false;
  }
}
