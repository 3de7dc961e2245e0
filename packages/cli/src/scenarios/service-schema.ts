import type { Endpoint, HealthCheck, Route, Service, TrafficPolicy } from '@signalbox/core';
import { z } from 'zod';

/** A schema for each property of a model type, so that a new property cannot be forgotten here. */
type Shape<Model> = { readonly [Key in keyof Required<Model>]: z.ZodType };

const port = z.int().min(1).max(65_535).optional();
const text = z.string().optional();
const texts = z.array(z.string()).optional();
const map = z.record(z.string(), z.string()).optional();

const endpoint = {
  id: text.meta({ description: 'Default: the address and the port.' }),
  address: text.meta({ description: 'An IP address or a host name.' }),
  port: port.meta({ description: 'Where it listens.' }),
  health: z.enum(['healthy', 'unhealthy', 'unknown']).optional().meta({ description: 'Given: default healthy.' }),
  draining: z.boolean().optional().meta({ description: 'Takes no new connections.' }),
  weight: z.int().min(0).max(256).optional().meta({ description: 'Relative share.' }),
  backup: z.boolean().optional().meta({ description: 'Takes traffic only while no other can.' }),
  metadata: map.meta({ description: 'Facts for people and for transforms.' }),
} satisfies Shape<Endpoint>;

const healthCheck = {
  kind: z.enum(['http', 'https', 'tcp']).optional(),
  path: text,
  port,
  intervalMs: z.number().optional(),
  timeoutMs: z.number().optional(),
  failures: z.int().optional(),
} satisfies Shape<HealthCheck>;

const valueMatch = z.strictObject({ name: text, value: text, type: z.enum(['exact', 'regex']).optional() });

const headerEdits = z.strictObject({ set: map, add: map, remove: texts }).optional();

const route = {
  hostnames: texts,
  path: z.strictObject({ type: z.enum(['exact', 'prefix', 'regex']).optional(), value: text }).optional(),
  headers: z.array(valueMatch).optional(),
  queryParams: z.array(valueMatch).optional(),
  methods: texts,
  priority: z.int().optional(),
  redirect: z
    .strictObject({
      scheme: z.enum(['http', 'https']).optional(),
      hostname: text,
      port,
      path: text,
      status: z.int().optional(),
    })
    .optional(),
  rewrite: z.strictObject({ hostname: text, pathPrefix: text, path: text }).optional(),
  requestHeaders: headerEdits,
  responseHeaders: headerEdits,
  auth: z.strictObject({ realm: text, users: texts }).optional(),
  tls: z.looseObject({ mode: z.enum(['terminate', 'passthrough']).optional(), certificate: text }).optional(),
} satisfies Shape<Route>;

const traffic = {
  balance: z.enum(['roundrobin', 'leastconn', 'random', 'source', 'uri']).optional(),
  sticky: z.strictObject({ cookie: text }).optional(),
  maxConnections: z.int().optional(),
  timeouts: z
    .strictObject({
      connectMs: z.number().optional(),
      idleMs: z.number().optional(),
      responseMs: z.number().optional(),
      queueMs: z.number().optional(),
    })
    .optional(),
  retries: z.int().optional(),
  endpointTls: z.looseObject({ verify: z.boolean().optional(), serverName: text }).optional(),
  proxyProtocol: z.enum(['v1', 'v2']).optional(),
} satisfies Shape<TrafficPolicy>;

const properties = {
  id: text.meta({ description: 'Such as `mesos:/shop/cart#http`; begins with the name of a source.' }),
  name: text.meta({ description: 'Given: default the part of the id between `:` and `#`.' }),
  protocol: z.enum(['tcp', 'udp']).optional().meta({ description: 'Given: default tcp.' }),
  appProtocol: z.enum(['http', 'https', 'h2c']).optional(),
  port: port.meta({ description: 'The stable port that clients use.' }),
  portTls: z.strictObject({ certificate: text }).optional(),
  endpoints: z
    .array(z.union([z.string(), z.strictObject(endpoint)]))
    .optional()
    .meta({ description: '`address:port`, or a map. Given: default none.' }),
  healthCheck: z.strictObject(healthCheck).optional(),
  labels: map.meta({ description: 'As users set them. Given: default none.' }),
  metadata: map.meta({ description: 'Facts of the source.' }),
  routes: z.array(z.strictObject(route)).optional(),
  traffic: z.strictObject(traffic).optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
} satisfies Shape<Service>;

/** A service with everything optional: what is given has defaults, what is expected names a part. */
export const partialService = z.strictObject(properties);

const { id: _id, ...expectedProperties } = properties;

/** Without the id, which is the key. */
export const expectedService = z.strictObject(expectedProperties);

export interface PartialEndpoint extends Partial<Endpoint> {}

export interface PartialService extends Partial<Omit<Service, 'endpoints'>> {
  readonly endpoints?: readonly (string | PartialEndpoint)[];
}
