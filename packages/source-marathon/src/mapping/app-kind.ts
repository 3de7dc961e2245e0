import type { App } from './app.ts';
import { appIdOf, type ParsedApp, parseApp, parseDefinition } from './parse-app.ts';
import { servicesOf } from './services.ts';
import type { SpecKind } from './spec-kind.ts';

export const appKind: SpecKind<ParsedApp, App> = {
  name: 'app',
  idOf: appIdOf,
  parse: parseApp,
  parseDefinition,
  map: ({ app }, context) => servicesOf(app, context.sourceId, context),
};
