import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { Interrupted } from '../interrupted.ts';
import type { Invocation } from '../invocation.ts';
import { watchInterrupts } from '../run-once.ts';
import { createDemo } from './create-demo.ts';
import { paces } from './pace.ts';
import type { Act } from './script/act.ts';
import { createScript } from './script/script.ts';
import { apps } from './stage/apps.ts';
import { openStage, type StageOptions } from './stage/open-stage.ts';
import type { Addresses, Stage } from './stage/stage.ts';
import { renderPlayGuide } from './summary/play-guide.ts';
import { renderSummary } from './summary/render-summary.ts';
import { createScreen } from './view/screen.ts';
import { chooseSymbols } from './view/symbols.ts';

export interface DemoCommandOptions {
  readonly quick?: boolean;
  readonly keep?: boolean;
  readonly seed: string;
  readonly haproxy: string;
}

/** What is played, and where. */
export interface Production {
  open(options: StageOptions): Promise<Stage>;
  createScript(addresses: Addresses): readonly Act[];
}

export function execute(invocation: Invocation, options: DemoCommandOptions): Promise<ExitCode> {
  return performDemo(invocation, options, { open: openStage, createScript });
}

/** Resolves to 0 when every promise was kept, else to 1. With `--json` the summary is all that goes to stdout. */
export async function performDemo(
  invocation: Invocation,
  options: DemoCommandOptions,
  production: Production,
): Promise<ExitCode> {
  const { host, json } = invocation;
  const seed = readSeed(options.seed);
  const pace = options.quick === true ? paces.quick : paces.full;
  const look = { colors: json ? invocation.talkColors : invocation.colors, symbols: chooseSymbols(host.environment) };
  const screen = createScreen(json ? host.stderr : host.stdout, look);
  const { narrator } = screen;
  const interrupts = watchInterrupts(invocation);
  const hangUp = watchHangUp(host);
  const signal = AbortSignal.any([interrupts.signal, hangUp.signal]);
  try {
    narrator.tell('note', 'starting Marathon, Signalbox and HAProxy');
    await using stage = await production.open({ seed, pace, program: options.haproxy, signal });
    const acts = production.createScript(stage.addresses);
    const ids = Object.values(apps).map(({ id }) => id);
    await using demo = createDemo({ stage, acts, apps: ids, pace, seed, narrator, signal });
    const summary = await screen.drawDuring(demo.picture, demo.play);
    if (json) invocation.print(JSON.stringify(summary, undefined, 2));
    else screen.print(`\n${renderSummary(summary, { ...look, width: screen.width })}`);
    if (options.keep === true) {
      screen.print(`\n${renderPlayGuide(stage)}\n`);
      await demo.keepAsking();
    }
    return summary.kept ? exitCodes.ok : exitCodes.failed;
  } finally {
    interrupts.stop();
    hangUp.stop();
  }
}

/** A terminal that is closed ends the demo; HAProxy would outlive it otherwise. */
function watchHangUp(host: Host): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const stop = host.onSignal('SIGHUP', () => controller.abort(new Interrupted('SIGTERM')));
  return { signal: controller.signal, stop };
}

function readSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--seed expects a whole number of at most nine digits, not "${text}"`);
}
