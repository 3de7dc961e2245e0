import {
  compileGlob,
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
import { compileTemplate } from './rename/template.ts';
import { selectorsSchema } from './schema/selector-schema.ts';

export interface RenameOptions {
  /** The first rule that fits a service gives it its name. */
  readonly rules: readonly RenameRule[];
}

export interface RenameRule {
  /** Default: every service. */
  readonly match?: Selector | readonly Selector[];
  /** A pattern of the whole name, whose stars the new name may use. Default `*`. */
  readonly pattern?: string;
  /**
   * The new name. `{1}`, `{2}` … is what the stars of the pattern stand for, from the left: each as little as possible, the last one
   * the rest. Also `{name}`, `{source}`, `{port}`, `{portName}` and `{label.<key>}`.
   */
  readonly to: string;
}

const ruleSchema = z
  .strictObject({
    match: selectorsSchema.optional().meta({ description: 'The services that the rule concerns. Default: all.' }),
    pattern: z
      .string()
      .min(1, 'an empty pattern matches nothing; use "*" for every name')
      .optional()
      .meta({ description: 'A pattern of the whole name, whose stars the new name may use. Default `*`.' }),
    to: z.string().min(1, 'expected a name').meta({
      description:
        'The new name. `{1}`, `{2}` … is what the stars of the pattern stand for; also `{name}`, `{source}`, `{port}`, `{portName}` and `{label.<key>}`.',
    }),
  })
  .superRefine(({ pattern = '*', to }, context) => {
    const { problem } = compileTemplate(to, pattern.split('*').length - 1);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['to'], message: problem });
  });

const schema = z.strictObject({
  rules: z.array(ruleSchema).min(1).meta({ description: 'The first rule that fits a service gives it its name.' }),
}) as unknown as z.ZodType<RenameOptions>;

/** Changes what services are called; ids stay. */
export const rename: TransformPlugin<RenameOptions> = defineTransform({
  type: 'rename',
  description: 'Gives services other names, by pattern and template.',
  options: schema,
  create: ({ rules }) => createRename(rules),
});

export default rename;

interface Naming {
  /** Position of the rule. */
  readonly rule: number;
  readonly service: Service;
}

function createRename(rules: readonly RenameRule[]): Transform {
  const compiled = rules.map(compileRule);
  let latest: readonly Service[] = [];

  const namingOf = remember((service): Naming => {
    for (const [rule, nameOf] of compiled.entries()) {
      const name = nameOf(service);
      if (name !== undefined) return { rule, service: name === service.name ? service : { ...service, name } };
    }
    return { rule: -1, service };
  });

  return {
    transform(services) {
      latest = services;
      return services.map((service) => namingOf(service).service);
    },
    warnings() {
      const used = new Set(latest.map((service) => namingOf(service).rule));
      return rules.flatMap(({ match = '*', pattern = '*' }, index) =>
        used.has(index)
          ? []
          : [{ message: `rule ${index + 1} of rename names no service: ${formatSelector(match)}, ${pattern}` }],
      );
    },
    explain(serviceId) {
      const service = latest.find(({ id }) => id === serviceId);
      if (service === undefined) return [];
      const { rule, service: named } = namingOf(service);
      if (named === service) return [];
      return [`rule ${rule + 1} calls ${JSON.stringify(service.name)} now ${JSON.stringify(named.name)}`];
    },
  };
}

/** The name that a rule gives; `undefined` where it does not fit, or would leave nothing. */
function compileRule({ match = '*', pattern = '*', to }: RenameRule): (service: Service) => string | undefined {
  const matches = compileSelector({ any: [match].flat() as Selector[] });
  const glob = compileGlob(pattern);
  const { fill } = compileTemplate(to);
  return (service) => {
    const runs = matches(service) ? glob(service.name) : undefined;
    return runs === undefined ? undefined : fill(service, runs) || undefined;
  };
}
