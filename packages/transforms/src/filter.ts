import {
  compileSelector,
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

/** Which services go on. At least one of the two is needed; `drop` wins over `keep`. */
export interface FilterOptions {
  /** Only services that match any of these go on. Default: all. */
  readonly keep?: Selector | readonly Selector[];
  /** Services that match any of these do not go on. Default: none. */
  readonly drop?: Selector | readonly Selector[];
}

const schema = z
  .strictObject({
    keep: selectorsSchema
      .optional()
      .meta({ description: 'Only services that match any of these selectors go on. Default: all.' }),
    drop: selectorsSchema
      .optional()
      .meta({ description: 'Services that match any of these selectors do not go on. Default: none.' }),
  })
  .refine(
    ({ keep, drop }) => keep !== undefined || drop !== undefined,
    'expected keep, drop or both',
  ) as unknown as z.ZodType<FilterOptions>;

/** Lets some services through, and no others. */
export const filter: TransformPlugin<FilterOptions> = defineTransform<FilterOptions, FilterOptions>({
  type: 'filter',
  description: 'Keeps or drops services by name, label, port or source.',
  options: schema,
  create: createFilter,
});

export default filter;

type Test = (service: Service) => boolean;

function createFilter({ keep, drop }: FilterOptions): Transform {
  const isKept = anyOf(keep) ?? (() => true);
  const isDropped = anyOf(drop) ?? (() => false);
  const passes = remember((service) => isKept(service) && !isDropped(service));
  let latest: readonly Service[] = [];
  return {
    transform(services) {
      latest = services;
      return services.filter(passes);
    },
    explain(serviceId) {
      const service = latest.find(({ id }) => id === serviceId);
      if (service === undefined || passes(service)) return [];
      if (drop !== undefined && isDropped(service)) return [`drops it: it matches ${formatSelector(drop)}`];
      return [`does not keep it: it does not match ${formatSelector(keep ?? '*')}`];
    },
  };
}

function anyOf(selectors: FilterOptions['keep']): Test | undefined {
  return selectors === undefined ? undefined : compileSelector({ any: [selectors].flat() as Selector[] });
}
