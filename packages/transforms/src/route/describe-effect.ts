import type { Route } from '@signalbox/core';
import type { RuleEffect } from './apply-rule.ts';

/** What a rule does, for people. */
export function describeEffect({ routes, replaces, traffic = {}, appProtocol, port, portTls }: RuleEffect): string {
  const settings = Object.keys(traffic).sort();
  return [
    ...(replaces ? ['takes away the routes before it'] : []),
    ...(routes.length === 0
      ? []
      : [`adds the ${routes.length === 1 ? 'route' : 'routes'} ${routes.map(describeRoute).join(' ')}`]),
    ...(port === undefined ? [] : [`sets the port ${port}`]),
    ...(portTls === undefined ? [] : ['ends TLS on its port']),
    ...(appProtocol === undefined ? [] : [`sets ${appProtocol}`]),
    ...(settings.length === 0 ? [] : [`sets ${settings.join(' and ')}`]),
  ].join(', ');
}

function describeRoute({ hostnames = [], path }: Route): string {
  return `${hostnames.join(',') || '*'}${path?.value ?? ''}`;
}
