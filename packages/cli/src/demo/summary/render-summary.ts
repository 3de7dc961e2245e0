import { count } from '../../output/text.ts';
import { formatCount, formatSeconds, wrap } from '../view/fit.ts';
import { renderActs } from './act-table.ts';
import type { Summary } from './summary.ts';
import type { SummaryLook } from './summary-look.ts';

const labelWidth = 18;

const excuse =
  'Cut off are only requests that were in flight when a task of their app died without notice, and that broke (no answer, or 502) within a second of it. Every other error and every 5xx counts as failed.';

/** For people, in lines of at most the given width. */
export function renderSummary(summary: Summary, look: SummaryLook): string {
  const { colors } = look;
  const { requests, reloads, runtimeApplies, acts } = summary;
  const broken = acts.filter(({ kept }) => !kept).length;
  const headline = summary.kept
    ? colors.green(colors.bold('All promises were kept.'))
    : colors.red(colors.bold(broken > 0 ? `Promises of ${count(broken, 'act')} were broken.` : 'Requests failed.'));
  const reloading = acts.filter((act) => act.reloads > 0).map(({ title, reloads: times }) => `${times} for "${title}"`);
  const facts: readonly (readonly [string, string])[] = [
    [
      'requests',
      `${formatCount(requests.sent)} sent, ${formatCount(requests.failed)} failed, ${formatCount(requests.cutOff)} cut off by a task that died`,
    ],
    [
      'reloads',
      `${reloads}${reloading.length > 0 ? `: ${reloading.join(', ')}` : ''}; ${count(runtimeApplies, 'change')} applied without`,
    ],
    [
      'event to traffic',
      describeDelays(
        'eventToFirstAnswer',
        summary,
        'from "running", or Marathon being back, to the first answer, checks included',
      ),
    ],
    ['', describeDelays('eventToLastAnswer', summary, 'from "asked to end" to the last answer')],
    ['time', `${formatSeconds(summary.durationMs)}, ${summary.proxy}, seed ${summary.seed}`],
  ];
  return [
    headline,
    '',
    ...renderActs(acts, look),
    '',
    ...facts.flatMap(([label, text]) => renderFact(label, text, look)),
    '',
    ...wrap(excuse, look.width).map(colors.dim),
  ].join('\n');
}

function renderFact(label: string, text: string, { colors, width }: SummaryLook): string[] {
  return wrap(text, width - labelWidth - 2).map(
    (line, index) => `  ${colors.dim((index === 0 ? label : '').padEnd(labelWidth))}${line}`,
  );
}

function describeDelays(key: 'eventToFirstAnswer' | 'eventToLastAnswer', summary: Summary, what: string): string {
  const delays = summary[key];
  if (delays === null) return `none measured ${what}`;
  const { worstMs, medianMs, tasks } = delays;
  const act = summary.acts.find((each) => each[key]?.worstMs === worstMs);
  const where = act === undefined ? '' : ` ("${act.title}")`;
  return `${formatCount(worstMs)} ms at worst${where}, ${formatCount(medianMs)} ms in the median, ${what} (${count(tasks, 'task')})`;
}
