import { formatAddress, formatSelector, type Selector } from '@signalbox/core';
import type { DrainEntry } from '@signalbox/transforms';
import { roundedDuration } from '../config/durations.ts';
import type { Invocation } from '../invocation.ts';
import { count, printable } from '../output/text.ts';
import { padText, wrapLabelled, wrapText } from '../output/wrap-text.ts';
import type { DrainPlace } from './find-drain-file.ts';
import type { MatchedEndpoint } from './find-endpoints.ts';

/** More than this nobody reads; `--json` has them all. */
const mostShown = 20;

export function renderAdded(
  { match, until, reason, force }: DrainEntry,
  before: string | undefined,
  { file, isRelative }: DrainPlace,
  { colors, width }: Invocation,
): string {
  const left = roundedDuration(Math.max(0, Date.parse(until) - Date.now()));
  const lines = [
    `${colors.green(before === undefined ? 'added' : 'changed')} ${printable(formatSelector(match))}`,
    `  until   ${until}, for ${left}${before === undefined || before === until ? '' : `; it was ${before}`}`,
    wrapLabelled('  reason  ', printable(reason), width),
    ...(force === true ? ['  force   also where nobody else can serve'] : []),
    `  file    ${file}`,
  ];
  if (isRelative) {
    const note = '(named relative to the working directory; "signalbox run" may have another one)';
    lines.push(wrapLabelled(' '.repeat(10), note, width));
  }
  return lines.join('\n');
}

export function renderMatches(
  matches: readonly MatchedEndpoint[],
  match: Selector,
  { isDryRun }: { readonly isDryRun: boolean },
  { colors, width }: Invocation,
): string {
  if (matches.length === 0) return `matches no endpoint now${suggestField(match)}`;
  const services = new Set(matches.map(({ service }) => service)).size;
  const addressWidth = Math.max(...matches.slice(0, mostShown).map((one) => addressOf(one).length));
  const lines = matches.slice(0, mostShown).map((one) => {
    const waits = !isDryRun && !one.draining;
    const note = waits ? `  ${colors.yellow('not drained: nobody else could serve')}` : '';
    return wrapText(`  ${padText(addressOf(one), addressWidth)}  ${printable(one.name)}${note}`, width, '      ');
  });
  const rest = matches.length - mostShown;
  return [
    `${isDryRun ? 'would drain' : 'matches'} ${count(matches.length, 'endpoint')} of ${count(services, 'service')} now:`,
    ...lines,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    ...(!isDryRun && matches.some(({ draining }) => !draining)
      ? ['', 'What is not drained waits until somebody else can serve; --force does not wait.']
      : []),
  ].join('\n');
}

const addressOf = ({ address, port }: MatchedEndpoint): string => printable(formatAddress(address, port));

/** A word alone is the name of a service; who writes an address means something else. */
function suggestField(match: Selector): string {
  if (typeof match !== 'string') return '';
  return /^[\d.]+$|:/.test(match)
    ? `; ${printable(match)} stands for the name of a service. For an address write endpoint.address=${printable(match)}`
    : '';
}
