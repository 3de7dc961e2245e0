import { z } from 'zod';
import { explainUnion } from '../schema/explain-union.ts';

/** RFC 1123 labels, with the underscore that people use all the same, behind an optional `*.`. */
const hostnamePattern = /^(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
/** `token` of RFC 9110, section 5.6.2. */
const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Control characters; RFC 9110, section 5.5, lets none but the tab into a field value. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const controlPattern = /[\0-\x08\x0a-\x1f\x7f]/;
/** What an origin-form path (RFC 9112, section 3.2.1) without a query can be made of; anything else has to be percent-encoded. */
const pathPattern = /^\/[!$%&'()*+,./0-9:;=@A-Z_a-z~-]*$/;

export const hostname = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(
    z
      .string()
      .max(253)
      .regex(hostnamePattern, {
        error: ({ input }) =>
          `expected a host name such as shop.example.com or *.example.com, without scheme, port or path, not ${JSON.stringify(input)}`,
      }),
  );

export const path = z.string().regex(pathPattern, {
  error: ({ input }) =>
    `expected a path that begins with "/" and has no query, fragment or spaces, not ${JSON.stringify(input)}`,
});

export const headerName = z.string().regex(tokenPattern, {
  error: ({ input }) => `expected a header name, not ${JSON.stringify(input)}`,
});

export const method = z.string().regex(/^[A-Z]+(-[A-Z]+)*$/, {
  error: ({ input }) => `expected a method in capitals such as GET, not ${JSON.stringify(input)}`,
});

/** A text that goes into one line: no control characters. */
export const plainText = z
  .string()
  .refine((text) => !controlPattern.test(text), 'expected text without control characters');

export const regex = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    try {
      new RegExp(text, 'u');
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

export const port = z.int().min(1).max(65_535);

const anchoredPath = z.strictObject({
  type: z.enum(['exact', 'prefix']).meta({ description: 'The whole path, or its beginning up to a path boundary.' }),
  value: path.meta({ description: 'A path that begins with `/`.' }),
});
const regexPath = z.strictObject({
  type: z.literal('regex').meta({ description: 'A regular expression over the whole path.' }),
  value: regex.meta({ description: 'The expression, in the words of the proxy.' }),
});

/** A string is short for a prefix. */
export const pathMatch = z.union([path, z.discriminatedUnion('type', [anchoredPath, regexPath])], {
  error: explainUnion('a path prefix such as /api, or { type: exact | prefix | regex, value }'),
});
