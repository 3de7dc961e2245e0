import type { Endpoint } from '@signalbox/core';
import { z } from 'zod';
import type { DocumentService } from './document.ts';
import { isAddress, parseAddressAndPort } from './parse-address.ts';

const port = z.int().min(1).max(65_535);
const durationMs = z.int().min(1).max(86_400_000);
/** YAML reads `version: 2` as a number, and everybody means the text. */
const texts = z.record(
  z.string().min(1),
  z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value)),
);

const endpointText = z.string().transform((text, context): Endpoint => {
  const parsed = parseAddressAndPort(text);
  if (parsed !== undefined) return { id: text, ...parsed, health: 'unknown' };
  context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is not address:port` });
  return z.NEVER;
});

const endpointObject = z
  .strictObject({
    id: z.string().min(1).optional(),
    address: z.string().refine(isAddress, 'this is no IP address and no host name'),
    port,
    health: z.enum(['healthy', 'unhealthy', 'unknown']).default('unknown'),
    draining: z.boolean().optional(),
    weight: z.int().min(0).max(256).optional(),
    backup: z.boolean().optional(),
    metadata: texts.optional(),
  })
  .transform(({ id, ...endpoint }) => ({ id: id ?? idOf(endpoint), ...endpoint }) as Endpoint);

function idOf({ address, port: number }: { readonly address: string; readonly port: number }): string {
  return address.includes(':') ? `[${address}]:${number}` : `${address}:${number}`;
}

const healthCheck = z.strictObject({
  kind: z.enum(['http', 'https', 'tcp']),
  path: z.string().startsWith('/').optional(),
  port: port.optional(),
  intervalMs: durationMs.optional(),
  timeoutMs: durationMs.optional(),
  failures: z.int().min(1).max(100).optional(),
});

const service = z.strictObject({
  name: z.string().min(1),
  portName: z
    .string()
    .regex(/^[\w.-]+$/, 'letters, digits, "_", "." and "-" only')
    .optional(),
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  appProtocol: z.enum(['http', 'https', 'h2c']).optional(),
  port: port.optional(),
  healthCheck: healthCheck.optional(),
  labels: texts.default({}),
  metadata: texts.optional(),
  endpoints: z.array(z.union([endpointText, endpointObject])),
});

/** The form of our own: a map with the list `services`. */
export const servicesDocument = z
  .strictObject({ services: z.array(service) })
  .transform(({ services }) => services as readonly DocumentService[]);
