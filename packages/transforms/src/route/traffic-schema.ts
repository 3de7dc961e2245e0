import { z } from 'zod';
import { hostname } from './text-schemas.ts';

const durationMs = z.int().min(1);

const timeouts = z.strictObject({
  connectMs: durationMs.optional().meta({ description: 'Longest wait for a connection to an endpoint.' }),
  idleMs: durationMs.optional().meta({ description: 'Longest silence of a client, and of an endpoint.' }),
  responseMs: durationMs.optional().meta({ description: "Longest wait for an endpoint's answer to begin." }),
  queueMs: durationMs.optional().meta({ description: 'Longest wait for a free endpoint.' }),
});

/** `TrafficPolicy` of the model. */
export const trafficSchema = z.strictObject({
  balance: z
    .enum(['roundrobin', 'leastconn', 'random', 'source', 'uri'])
    .optional()
    .meta({ description: 'How an endpoint is chosen.' }),
  sticky: z
    .strictObject({
      cookie: z
        .string()
        .regex(/^[A-Za-z0-9_-]+$/, 'expected the name of a cookie')
        .meta({ description: 'Name of the cookie.' }),
    })
    .optional()
    .meta({ description: 'Sends a client to the same endpoint again.' }),
  maxConnections: z.int().min(1).optional().meta({ description: 'Concurrent connections for each endpoint.' }),
  timeouts: timeouts.optional().meta({ description: 'Time-outs.' }),
  retries: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'Further attempts on another endpoint when a connection could not be made.' }),
  endpointTls: z
    .strictObject({
      verify: z.boolean().meta({ description: "Whether the endpoint's certificate is checked." }),
      serverName: hostname.optional().meta({ description: 'The name that is asked for and checked.' }),
    })
    .optional()
    .meta({ description: 'Speaks TLS to the endpoints.' }),
  proxyProtocol: z.enum(['v1', 'v2']).optional().meta({ description: 'Version of the PROXY protocol to speak.' }),
});
