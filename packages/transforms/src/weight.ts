import {
  compileEndpointSelector,
  defineTransform,
  formatSelector,
  type Selector,
  type Service,
  type Transform,
  type TransformPlugin,
} from '@signalbox/core';
import { z } from 'zod';
import { remember } from './remember.ts';
import { selectorsSchema } from './schema/selector-schema.ts';
import { type CompiledRule, weighService } from './weight/weigh-service.ts';

export interface WeightOptions {
  /** Every rule that matches an endpoint is applied to it, in this order. */
  readonly rules: readonly WeightRule[];
}

/** Exactly one of `weight` and `scale`. */
export interface WeightRule {
  /** Endpoints: all of the services that match, or with `endpoint: …` only those. */
  readonly match: Selector | readonly Selector[];
  /** The new weight, 0 to 256. An endpoint without a weight counts as 100, so 50 is half of the others. 0 takes no new traffic. */
  readonly weight?: number;
  /** Multiplies the weight. */
  readonly scale?: number;
}

const ruleSchema = z
  .strictObject({
    match: selectorsSchema.meta({ description: 'The endpoints of services that match, or only those of `endpoint`.' }),
    weight: z
      .int()
      .min(0)
      .max(256)
      .optional()
      .meta({ description: 'The new weight. An endpoint without one counts as 100; 0 takes no new traffic.' }),
    scale: z.number().min(0).max(256).optional().meta({ description: 'Multiplies the weight, instead.' }),
  })
  .refine(({ weight, scale }) => (weight === undefined) !== (scale === undefined), 'expected either weight or scale');

const schema = z.strictObject({
  rules: z
    .array(ruleSchema)
    .min(1)
    .meta({ description: 'Every rule that matches an endpoint is applied to it, in this order.' }),
}) as unknown as z.ZodType<WeightOptions>;

/** Changes the weights of endpoints. */
export const weight: TransformPlugin<WeightOptions> = defineTransform({
  type: 'weight',
  description: 'Sets or scales the weights of endpoints.',
  options: schema,
  create: ({ rules }) => createWeight(rules),
});

export default weight;

function createWeight(rules: readonly WeightRule[]): Transform {
  const compiled = rules.map((rule): CompiledRule => {
    const matches = compileEndpointSelector({ any: [rule.match].flat() as Selector[] });
    const { weight: wanted, scale = 1 } = rule;
    return { matches, change: (before) => wanted ?? before * scale };
  });
  const weigh = remember((service) => weighService(service, compiled));
  let latest: readonly Service[] = [];

  const touches = ({ matches }: CompiledRule, service: Service): number =>
    service.endpoints.filter((endpoint) => matches(endpoint, service)).length;

  return {
    transform(services) {
      latest = services;
      return services.map(weigh);
    },
    warnings: () =>
      compiled.flatMap((rule, index) =>
        latest.some((service) => touches(rule, service) > 0)
          ? []
          : [
              {
                message: `rule ${index + 1} of weight matches no endpoint: ${formatSelector(rules[index]?.match ?? '*')}`,
              },
            ],
      ),
    explain(serviceId) {
      const service = latest.find(({ id }) => id === serviceId);
      if (service === undefined) return [];
      return compiled.flatMap((rule, index) => {
        const count = touches(rule, service);
        if (count === 0) return [];
        const { match = '*', weight: wanted, scale } = rules[index] ?? {};
        const effect = wanted === undefined ? `scales the weight by ${scale}` : `sets the weight ${wanted}`;
        return [
          `rule ${index + 1} (${formatSelector(match)}) ${effect} of ${count} of ${service.endpoints.length} endpoints`,
        ];
      });
    },
  };
}
