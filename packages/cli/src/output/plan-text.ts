import type { Plan, PlannedChange } from '@signalbox/core';
import type { Colors } from './colors.ts';
import { count, printable } from './text.ts';
import { wrapText } from './wrap-text.ts';

const marks: Readonly<Record<PlannedChange['action'], string>> = {
  create: '+',
  update: '~',
  delete: '-',
  runtime: '>',
  reload: '!',
};

export interface PlanView {
  readonly sink: string;
  readonly plan: Pick<Plan, 'changes' | 'warnings'>;
}

/** The changes of each sink as a list for people. */
export function formatPlans(
  plans: readonly PlanView[],
  { colors, width }: { readonly colors: Colors; readonly width: number },
): string {
  const paints = {
    create: colors.green,
    update: colors.yellow,
    delete: colors.red,
    runtime: colors.cyan,
    reload: colors.magenta,
  };
  return plans
    .map(({ sink, plan }) => {
      const title = plan.changes.length === 0 ? 'in step, nothing to change' : count(plan.changes.length, 'change');
      const lines = [`${colors.bold(sink)}: ${title}`];
      const longest = plan.changes.reduce((length, { action }) => Math.max(length, action.length), 0);
      const put = (line: string): void => void lines.push(wrapText(line, width, '      '));
      for (const { action, target, summary } of plan.changes) {
        const head = paints[action](`${marks[action]} ${action.padEnd(longest)}`);
        put(`  ${head}  ${printable(target)}  ${colors.dim(printable(summary))}`);
      }
      for (const { message, service } of plan.warnings) {
        const subject = service === undefined ? '' : `${printable(service)}: `;
        put(`  ${colors.yellow('warning')} ${subject}${printable(message)}`);
      }
      return lines.join('\n');
    })
    .join('\n\n');
}

/** The same for machines. */
export function toPlanData(plans: readonly PlanView[]): unknown {
  const sinks = plans.map(({ sink, plan: { changes, warnings } }) => [sink, { changes, warnings }]);
  return { sinks: Object.fromEntries(sinks) };
}
