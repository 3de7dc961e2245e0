import type { PluginTest } from '../plugin/plugin-cases.ts';
import { abortCases } from './abort-cases.ts';
import { credentialCases } from './credential-cases.ts';
import { faultCases } from './fault-cases.ts';
import { setCases } from './set-cases.ts';

/** What every source is held to, besides what every plugin is. */
export const sourceCases = { ...setCases, ...faultCases, ...abortCases, ...credentialCases };

export type SourceTest = PluginTest | keyof typeof sourceCases;
