import { z } from 'zod';

/** Above this, Node.js fires a timer at once. */
const maxTimerMs = 2 ** 31 - 1;

/** For options whose names end in `Ms`. */
export const duration = (defaultMs: number, minMs = 1) =>
  z.number().int().min(minMs).max(maxTimerMs).default(defaultMs);

/** For the option `tls` of a source that speaks HTTP: what {@link openConnection} takes. */
export const tlsSchema = z
  .strictObject({
    ca: z
      .string()
      .optional()
      .meta({ description: "Certificate authorities to trust instead of the system's, as PEM." }),
    caFile: z.string().optional().meta({ description: 'File with certificate authorities, as PEM; may be replaced.' }),
    cert: z.string().optional().meta({ description: 'Client certificate, as PEM.' }),
    certFile: z.string().optional().meta({ description: 'File with the client certificate, as PEM; may be replaced.' }),
    key: z.string().optional().meta({ description: 'Private key of the client certificate, as PEM.', writeOnly: true }),
    keyFile: z.string().optional().meta({ description: 'File with the private key, as PEM; may be replaced.' }),
    serverName: z.string().optional().meta({ description: "Name to expect in the server's certificate." }),
    insecure: z.boolean().default(false).meta({ description: 'Accept any server certificate.' }),
  })
  .superRefine((tls, context) => {
    for (const name of ['ca', 'cert', 'key'] as const) {
      if (tls[name] !== undefined && tls[`${name}File`] !== undefined) {
        context.addIssue({ code: 'custom', path: [name], message: `use either "${name}" or "${name}File"` });
      }
    }
    const has = (name: 'cert' | 'key'): boolean => (tls[name] ?? tls[`${name}File`]) !== undefined;
    for (const [name, other] of [['cert', 'key'] as const, ['key', 'cert'] as const]) {
      if (has(name) && !has(other)) {
        context.addIssue({
          code: 'custom',
          path: [],
          message: `"${name}" needs "${other}" or "${other}File" beside it`,
        });
      }
    }
  });

/** For the option `auth.basic`. */
export const basicAuthSchema = z
  .strictObject({
    username: z
      .string()
      .min(1)
      .refine((name) => !name.includes(':'), { message: 'a user name cannot contain a colon' })
      .meta({ description: 'User name.' }),
    password: z.string().optional().meta({ description: 'Password.', writeOnly: true }),
    passwordFile: z.string().min(1).optional().meta({ description: 'File with the password; may be replaced.' }),
  })
  .superRefine(exactlyOneOf('password', 'passwordFile'));

/** For the option `auth` of a source whose upstream takes a password or a token. */
export const authSchema = z
  .strictObject({
    basic: basicAuthSchema.optional().meta({ description: 'HTTP basic authentication.' }),
    bearer: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'a token has no spaces and no special characters')
      .optional()
      .meta({ description: 'Bearer token.', writeOnly: true }),
    bearerFile: z.string().min(1).optional().meta({ description: 'File with the bearer token; may be replaced.' }),
  })
  .superRefine(exactlyOneOf('basic', 'bearer', 'bearerFile'));

/** Refines an object of options of which exactly one must be given. */
export function exactlyOneOf<Name extends string>(...names: readonly Name[]) {
  return (value: { readonly [Key in Name]?: unknown }, context: z.RefinementCtx): void => {
    const given = names.filter((name) => value[name] !== undefined);
    if (given.length === 1) return;
    const list = names.map((name) => `"${name}"`).join(', ');
    context.addIssue({
      code: 'custom',
      path: given.length === 0 ? [] : [given[1] ?? ''],
      message: `use exactly one of ${list}`,
    });
  };
}

/** For a base URL of an upstream, to which paths are appended. */
export function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.search === '' && url.hash === '';
}
