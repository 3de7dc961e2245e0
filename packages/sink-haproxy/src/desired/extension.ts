import { z } from 'zod';

/** What `extensions.haproxy` of a service may say. */
export interface HaproxyExtension {
  /** The `Host` header of HTTP health checks. Default `localhost`. */
  readonly checkHost?: string;
}

const schema = z.strictObject({
  checkHost: z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,253}$/, 'must be a host name')
    .optional(),
});

/** The extension, or why it cannot be used. */
export function readExtension(value: unknown): HaproxyExtension | { readonly problem: string } {
  if (value === undefined) return {};
  const result = schema.safeParse(value);
  if (!result.success) {
    return { problem: result.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ') };
  }
  return result.data.checkHost === undefined ? {} : { checkHost: result.data.checkHost };
}
