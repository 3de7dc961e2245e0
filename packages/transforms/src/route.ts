import {
  compileSelector,
  defineTransform,
  formatSelector,
  isEqualData,
  type Selector,
  type Service,
  type Transform,
  type TransformPlugin,
} from '@signalbox/core';
import { remember } from './remember.ts';
import { applyRule, compileRule } from './route/apply-rule.ts';
import { describeEffect } from './route/describe-effect.ts';
import type { RouteOptions, RouteRule } from './route/route-options.ts';
import { routeOptionsSchema } from './route/route-schema.ts';

/** Publishes services: which traffic they take from the shared listeners, and how it is spread. */
export const route: TransformPlugin<RouteOptions> = defineTransform({
  type: 'route',
  description: 'Gives services host names, paths and traffic policies.',
  options: routeOptionsSchema,
  create: (options) => createRoute(options as RouteOptions),
});

export default route;

function createRoute({ rules }: RouteOptions): Transform {
  const compiled = rules.map((rule) => ({ ...compileRule(rule), matches: compileMatch(rule) }));
  let latest: readonly Service[] = [];

  const change = remember((service) => {
    const matching = compiled.filter(({ matches }) => matches(service));
    const changed = matching.reduce(applyRule, service);
    return isEqualData(changed, service) ? service : changed;
  });

  return {
    transform(services) {
      latest = services;
      return services.map(change);
    },
    explain(serviceId) {
      const service = latest.find(({ id }) => id === serviceId);
      if (service === undefined) return [];
      return compiled.flatMap((effect, index) => {
        if (!effect.matches(service)) return [];
        const match = formatSelector(rules[index]?.match ?? '*');
        return [`rule ${index + 1} (${match}) ${describeEffect(effect)}`];
      });
    },
    // No error: the app may only not be deployed yet.
    warnings() {
      return compiled.flatMap(({ matches }, index) =>
        latest.some(matches)
          ? []
          : [{ message: `rule ${index + 1} of route matches no service: ${JSON.stringify(rules[index]?.match)}` }],
      );
    },
  };
}

function compileMatch({ match }: RouteRule): (service: Service) => boolean {
  return compileSelector({ any: [match].flat() as Selector[] });
}
