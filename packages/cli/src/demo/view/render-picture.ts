import type { Colors } from '../../output/colors.ts';
import { count } from '../../output/text.ts';
import type { Canvas } from './canvas.ts';
import { fit, formatCount } from './fit.ts';
import type { Happening } from './happening.ts';
import { renderHappening } from './happening-line.ts';
import { renderServices } from './service-table.ts';
import type { ActMark, Picture } from './view.ts';

/** The whole picture, never wider nor higher than the canvas. Pure. */
export function renderPicture(picture: Picture, happenings: readonly Happening[], canvas: Canvas): string {
  const { width, height, colors } = canvas;
  const top = [
    renderHeadline(picture, canvas),
    renderTitle(picture, canvas),
    colors.dim(fit(`  ${picture.story}`, width, canvas.symbols.ellipsis)),
    '',
    ...renderServices(picture.services, canvas),
    '',
    ...renderTotals(picture, canvas),
    '',
  ];
  const room = Math.max(0, height - top.length);
  const { ellipsis } = canvas.symbols;
  const bottom = happenings
    .slice(-room || happenings.length)
    .flatMap((each) => renderHappening(each, { colors, width, ellipsis }))
    .slice(-room || undefined);
  return [...top, ...(room === 0 ? [] : bottom)].slice(0, height).join('\n');
}

function renderHeadline(
  { elapsedMs, proxy }: Picture,
  { width, colors, symbols: { arrow, ellipsis } }: Canvas,
): string {
  const clock = formatClock(elapsedMs);
  const path = `Marathon ${arrow} Signalbox ${arrow} ${proxy}`;
  const left = fit(`signalbox demo   ${path}`, width - clock.length - 1, ellipsis);
  return `${colors.bold(left.slice(0, 14))}${left.slice(14).padEnd(width - clock.length - 14)}${colors.dim(clock)}`;
}

function renderTitle({ acts, title }: Picture, { width, colors, symbols }: Canvas): string {
  const marks = acts.map((mark) => paintMark(mark, symbols.acts[mark], colors)).join('');
  const shown = fit(title, width - acts.length - 2, symbols.ellipsis);
  return `${marks}  ${colors.bold(shown)}`;
}

function paintMark(mark: ActMark, symbol: string, colors: Colors): string {
  return { waiting: colors.dim, now: colors.yellow, kept: colors.green, broken: colors.red }[mark](symbol);
}

function renderTotals(picture: Picture, { width, colors, symbols: { ellipsis } }: Canvas): string[] {
  const { requests, reloads, runtimeApplies, sourceHealth, sinkHealth } = picture;
  const lost = requests.failed > 0 ? colors.red : colors.green;
  const sent = fit(`requests ${formatCount(requests.sent)}  `, width, ellipsis);
  const failed = `failed ${formatCount(requests.failed)}`;
  const cutOff = fit(
    `  cut off by a crash ${formatCount(requests.cutOff)}`,
    width - sent.length - failed.length,
    ellipsis,
  );
  const applied = `reloads ${reloads}  runtime ${count(runtimeApplies, 'change')}  `;
  const source = `Marathon ${sourceHealth}`;
  const sink = fit(`  HAProxy ${sinkHealth}`, width - applied.length - source.length, ellipsis);
  const alarm = sourceHealth === 'fresh' ? colors.green : colors.yellow;
  return [`${sent}${lost(failed)}${cutOff}`, `${applied}${alarm(source)}${sink}`];
}

/** `1:05`, as clocks for short times do. */
function formatClock(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
