import { retryDefaults, settleDefaults } from '@signalbox/core';
import { formatDuration } from './durations.ts';
import type { Frame } from './frame.ts';
import type { ProblemCollector } from './problem-collector.ts';
import { type ConfigNode, locate, type Path } from './tree.ts';

interface Bounds {
  readonly path: Path;
  /** What is written there. */
  readonly own: Readonly<Record<string, number | undefined>>;
  /** What is in force for all that is not written. */
  readonly inherited: Readonly<Record<string, number | undefined>>;
  readonly low: string;
  readonly high: string;
}

/** Reports waits that contradict each other, also where one of the two is written elsewhere or is a default. */
export function checkFrame(frame: Frame, tree: ConfigNode, problems: ProblemCollector): void {
  const { settle = {}, retry = {}, sinks } = frame;
  const settleBounds = { low: 'minMs', high: 'maxMs' };
  checkBounds({ path: ['settle'], own: { ...settle }, inherited: settleDefaults, ...settleBounds }, tree, problems);
  for (const [id, sink] of Object.entries(sinks)) {
    const inherited = { ...settleDefaults, ...settle };
    checkBounds({ path: ['sinks', id, 'settle'], own: { ...sink.settle }, inherited, ...settleBounds }, tree, problems);
  }
  const retryBounds = { low: 'initialMs', high: 'maxMs' };
  checkBounds({ path: ['retry'], own: { ...retry }, inherited: retryDefaults, ...retryBounds }, tree, problems);
}

function checkBounds({ path, own, inherited, low, high }: Bounds, tree: ConfigNode, problems: ProblemCollector): void {
  if (own[low] === undefined && own[high] === undefined) return;
  // A duration that could not be read was left out, and what stands for it is a guess.
  if (problems.isReported(locate(tree, path).node)) return;
  const lowMs = own[low] ?? inherited[low] ?? 0;
  const highMs = own[high] ?? inherited[high] ?? Number.POSITIVE_INFINITY;
  if (lowMs <= highMs) return;
  const names = [low, high].map((name) => name.slice(0, -2));
  const { path: found, node } = locate(tree, [...path, own[low] === undefined ? high : low]);
  problems.add({
    path: found,
    range: node.range,
    node,
    message: `"${names[0]}" is ${formatDuration(lowMs)}, which is longer than "${names[1]}" with ${formatDuration(highMs)}`,
    advice: `"${names[1]}" has to be as long as "${names[0]}" at least`,
  });
}
