import { printable } from '../../output/text.ts';
import { fit, formatCount, wrap } from '../view/fit.ts';
import type { ActSummary } from './summary.ts';
import type { SummaryLook } from './summary-look.ts';

interface Column {
  readonly title: string;
  cell(act: ActSummary): string;
}

const columns: readonly Column[] = [
  { title: 'requests', cell: ({ requests }) => formatCount(requests.sent) },
  { title: 'failed', cell: ({ requests }) => formatCount(requests.failed) },
  { title: 'cut off', cell: ({ requests }) => formatCount(requests.cutOff) },
  { title: 'reloads', cell: ({ reloads }) => formatCount(reloads) },
  {
    title: 'first answer',
    cell: ({ eventToFirstAnswer }) =>
      eventToFirstAnswer === null ? '' : `${formatCount(eventToFirstAnswer.worstMs)} ms`,
  },
];

/** Left of the columns: a mark and the title of the act. */
const titleWidth = 26;
const gap = 2;

/** One line for each act, and below it what broke. Columns that do not fit are left out, from the right. */
export function renderActs(acts: readonly ActSummary[], look: SummaryLook): string[] {
  const shown = columns.filter((_, index) => widthOf(columns.slice(0, index + 1)) <= look.width);
  const row = (left: string, cells: readonly string[]): string =>
    [left, ...cells.map((cell, index) => cell.padStart(shown[index]?.title.length ?? 0))]
      .join(' '.repeat(gap))
      .trimEnd();
  const head = row(
    ' '.repeat(titleWidth),
    shown.map(({ title }) => title),
  );
  return [
    look.colors.dim(head),
    ...acts.flatMap((act) => [
      row(
        renderTitle(act, look),
        shown.map(({ cell }) => cell(act)),
      ),
      ...renderBreaches(act, look),
    ]),
  ];
}

function widthOf(shown: readonly Column[]): number {
  return titleWidth + shown.reduce((sum, { title }) => sum + gap + title.length, 0);
}

function renderTitle({ title, kept }: ActSummary, { colors, symbols }: SummaryLook): string {
  const mark = kept ? colors.green(symbols.acts.kept) : colors.red(symbols.acts.broken);
  return `  ${mark} ${fit(title, titleWidth - 4, symbols.ellipsis).padEnd(titleWidth - 4)}`;
}

function renderBreaches({ promises }: ActSummary, { colors, width }: SummaryLook): string[] {
  return promises
    .filter(({ breach }) => breach !== undefined)
    .flatMap(({ text, breach }) => wrap(printable(`${text}: ${breach}`), width - 4))
    .map((line) => `    ${colors.red(line)}`);
}
