import type { BasicAuthOptions } from '@signalbox/source-kit';
import { basicAuthSchema, exactlyOneOf } from '@signalbox/source-kit/schemas';
import { z } from 'zod';
import { isRsaKey } from './read-account.ts';

/** Exactly one of these. */
export interface MarathonAuthOptions {
  /** HTTP basic authentication towards every master whose URL carries no credentials of its own. */
  readonly basic?: BasicAuthOptions;
  /** A DC/OS authentication token. It ends some day; prefer `serviceAccount`. */
  readonly token?: string;
  /** File with the same, read for every request, so that whoever renews it need tell nobody. */
  readonly tokenFile?: string;
  /** A DC/OS service account, which logs in and renews its token by itself. */
  readonly serviceAccount?: MarathonServiceAccount;
}

/** With exactly one of `privateKey`, `privateKeyFile` and `secretFile`. */
export interface MarathonServiceAccount {
  /** Name of the account. Needed unless a `secretFile` has it. */
  readonly uid?: string;
  /** PEM text of the account's RSA private key. */
  readonly privateKey?: string;
  /** File with the same, read at every login. */
  readonly privateKeyFile?: string;
  /** File with the account's secret as DC/OS makes it, read at every login: JSON with `uid`, `private_key`, `login_endpoint`. */
  readonly secretFile?: string;
  /** Where to log in. Default: what the secret says, else `/acs/api/v1/auth/login` at the hosts of `urls`. */
  readonly loginUrl?: string;
}

export type AuthOptions = z.infer<typeof authSchema>;
export type ServiceAccountOptions = z.infer<typeof serviceAccountSchema>;

const serviceAccountSchema = z
  .strictObject({
    uid: z.string().min(1).optional().meta({ description: 'Name of the account, unless `secretFile` has it.' }),
    privateKey: z
      .string()
      .refine(isRsaKey, { message: 'expected an RSA private key in PEM, without passphrase' })
      .optional()
      .meta({ description: 'RSA private key, as PEM.', writeOnly: true }),
    privateKeyFile: z.string().min(1).optional().meta({ description: 'File with the private key; may be replaced.' }),
    secretFile: z.string().min(1).optional().meta({
      description: 'File with the secret as DC/OS makes it (`uid`, `private_key`, `login_endpoint`); may be replaced.',
    }),
    loginUrl: z.string().refine(isHttpUrl, { message: 'expected an http:// or https:// URL' }).optional().meta({
      description:
        'Where to log in. Default: what the secret says, else `/acs/api/v1/auth/login` at the hosts of `urls`.',
    }),
  })
  .superRefine(exactlyOneOf('privateKey', 'privateKeyFile', 'secretFile'))
  .superRefine((account, context) => {
    if (account.uid === undefined && account.secretFile === undefined) {
      context.addIssue({ code: 'custom', path: ['uid'], message: 'needed unless there is a "secretFile"' });
    }
  });

export const authSchema = z
  .strictObject({
    basic: basicAuthSchema.optional().meta({ description: 'HTTP basic authentication.' }),
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'a token has no spaces and no special characters')
      .optional()
      .meta({ description: 'DC/OS authentication token.', writeOnly: true }),
    tokenFile: z.string().min(1).optional().meta({ description: 'File with the token; may be replaced.' }),
    serviceAccount: serviceAccountSchema
      .optional()
      .meta({ description: 'DC/OS service account, which logs in and renews its token by itself.' }),
  })
  .superRefine(exactlyOneOf('basic', 'token', 'tokenFile', 'serviceAccount'));

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
