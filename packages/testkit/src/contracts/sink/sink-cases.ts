import type { PluginTest } from '../plugin/plugin-cases.ts';
import { failureCases } from './failure-cases.ts';
import { hostileCases } from './hostile-cases.ts';
import { planCases } from './plan-cases.ts';

/** What every sink is held to, besides what every plugin is. */
export const sinkCases = { ...planCases, ...failureCases, ...hostileCases };

export type SinkTest = PluginTest | keyof typeof sinkCases;
