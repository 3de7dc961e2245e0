import { z } from 'zod';
import { explainUnion } from '../schema/explain-union.ts';
import { selectorsSchema } from '../schema/selector-schema.ts';
import { headerName, hostname, method, path, pathMatch, plainText, port, regex } from './text-schemas.ts';
import { trafficSchema } from './traffic-schema.ts';

function valueMatch(name: z.ZodString) {
  return z
    .strictObject({
      name: name.meta({ description: 'The name.' }),
      value: plainText.meta({ description: 'The value, or a regular expression.' }),
      type: z.enum(['exact', 'regex']).optional().meta({ description: 'How the value is compared. Default `exact`.' }),
    })
    .superRefine(({ type, value }, context) => {
      const result = type === 'regex' ? regex.safeParse(value) : undefined;
      for (const { message } of result?.error?.issues ?? []) {
        context.addIssue({ code: 'custom', path: ['value'], message });
      }
    });
}

const redirect = z
  .strictObject({
    scheme: z.enum(['http', 'https']).optional().meta({ description: 'Another scheme.' }),
    hostname: hostname.optional().meta({ description: 'Another host.' }),
    port: port.optional().meta({ description: 'Another port.' }),
    path: path.optional().meta({ description: 'Another path.' }),
    status: z
      .union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)])
      .optional()
      .meta({ description: 'Status of the answer. Default 302.' }),
  })
  .refine((value) => Object.keys(value).some((key) => key !== 'status'), 'expected scheme, hostname, port or path');

const rewrite = z
  .strictObject({
    hostname: hostname.optional().meta({ description: 'The host that the endpoints see.' }),
    pathPrefix: path.optional().meta({ description: 'Replaces the matched prefix.' }),
    path: path.optional().meta({ description: 'Replaces the whole path.' }),
  })
  .refine(
    ({ pathPrefix, path }) => pathPrefix === undefined || path === undefined,
    'expected pathPrefix or path, not both',
  );

const headerEdits = z.strictObject({
  set: z.record(headerName, plainText).optional().meta({ description: 'Headers that get this value alone.' }),
  add: z.record(headerName, plainText).optional().meta({ description: 'Headers that get one value more.' }),
  remove: z.array(headerName).optional().meta({ description: 'Headers that go.' }),
});

const auth = z.strictObject({
  realm: plainText.optional().meta({ description: 'What the browser shows.' }),
  users: z
    .array(
      z
        .string()
        .regex(/^[^:\s]+:\S+$/, 'expected user:crypt-hash')
        .meta({ writeOnly: true }),
    )
    .min(1)
    .meta({ description: '`user:crypt-hash`, one for each user.', writeOnly: true }),
});

const certificate = plainText.meta({ description: 'Name or path of the certificate, in the words of the sink.' });

const tls = z.strictObject({
  mode: z.enum(['terminate', 'passthrough']).meta({ description: 'Who speaks TLS with the client.' }),
  certificate: certificate.optional(),
});

const portTls = z.union([z.literal(true), z.strictObject({ certificate: certificate.optional() })], {
  error: explainUnion('true, or { certificate: shop.example.com }'),
});

/** The keys of one route. */
const routeShape = {
  hostnames: z
    .array(hostname)
    .min(1, 'an empty list; leave hostnames out for any host')
    .optional()
    .meta({ description: 'Host names; `*.example.com` covers any number of labels in front. Default: any host.' }),
  path: pathMatch.optional().meta({ description: 'A path prefix, or type and value. Default: any path.' }),
  headers: z.array(valueMatch(headerName)).optional().meta({ description: 'Headers that a request has to carry.' }),
  queryParams: z
    .array(valueMatch(z.string().min(1)))
    .optional()
    .meta({ description: 'Query parameters that a request has to carry.' }),
  methods: z.array(method).min(1).optional().meta({ description: 'Methods, in capitals. Default: any.' }),
  priority: z
    .int()
    .optional()
    .meta({ description: 'Higher wins between routes that are equally specific. Default 0.' }),
  redirect: redirect.optional().meta({ description: 'Sends the client elsewhere instead.' }),
  rewrite: rewrite.optional().meta({ description: 'Changes host or path on the way to the endpoints.' }),
  requestHeaders: headerEdits.optional().meta({ description: 'Edits headers on the way to the endpoints.' }),
  responseHeaders: headerEdits.optional().meta({ description: 'Edits headers on the way to the client.' }),
  auth: auth.optional().meta({ description: 'Asks for a user and a password.' }),
  tls: tls.optional().meta({ description: 'How TLS is handled.' }),
};

export const routeKeys: readonly string[] = Object.keys(routeShape);

const ruleSchema = z
  .strictObject({
    match: selectorsSchema.meta({
      description: 'The services that the rule concerns: a name, a pattern or a selector.',
    }),
    ...routeShape,
    routes: z
      .array(z.strictObject(routeShape))
      .min(1)
      .optional()
      .meta({ description: 'Several routes, instead of the keys of one in the rule itself.' }),
    existingRoutes: z
      .enum(['keep', 'replace'])
      .optional()
      .meta({ description: 'What happens to routes that the service has already. Default `keep`.' }),
    traffic: trafficSchema.optional().meta({ description: 'How traffic is spread; set key by key.' }),
    appProtocol: z.enum(['http', 'https', 'h2c']).optional().meta({
      description: 'What the endpoints speak. Default `http` for a service that gets routes and says nothing.',
    }),
    port: port.optional().meta({ description: 'The stable port that clients use.' }),
    portTls: portTls.optional().meta({ description: 'Clients of that port speak TLS, which ends at the proxy.' }),
  })
  .superRefine((rule, context) => {
    const inline = Object.keys(rule).filter((key) => routeKeys.includes(key));
    if (rule.routes !== undefined && inline.length > 0) {
      context.addIssue({ code: 'custom', message: `expected routes or ${inline.join(', ')}, not both` });
    }
    if (Object.keys(rule).every((key) => key === 'match')) {
      context.addIssue({ code: 'custom', message: 'a rule that changes nothing; give it hostnames, path or routes' });
    }
  });

export const routeOptionsSchema = z.strictObject({
  rules: z
    .array(ruleSchema)
    .min(1)
    .meta({ description: 'Every rule that matches a service is applied to it, in this order.' }),
});
