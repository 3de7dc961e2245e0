import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SourceError } from '@signalbox/core';
import type { SecretFile } from '@signalbox/source-kit';
import { isObject, textOf } from '../mapping/read-fields.ts';
import type { ServiceAccountOptions } from './auth-options.ts';

export interface Account {
  readonly uid: string;
  readonly key: KeyObject;
  /** Where the secret says to log in. */
  readonly loginUrl?: string;
}

/**
 * The account as the options and their files have it now.
 *
 * @throws {SourceError} when a file cannot be read, or has no RSA key in it.
 */
export async function readAccount(
  { uid, privateKey }: ServiceAccountOptions,
  files: { readonly secret?: SecretFile; readonly privateKey?: SecretFile },
): Promise<Account> {
  if (files.secret === undefined) {
    const pem = files.privateKey === undefined ? privateKey : await files.privateKey.read();
    return { uid: uid ?? '', key: parseKey(pem, files.privateKey ? 'privateKeyFile' : 'privateKey') };
  }
  const secret = parseSecret(await files.secret.read());
  const loginUrl = textOf(secret.login_endpoint);
  const secretUid = uid ?? textOf(secret.uid);
  if (secretUid === undefined) throw unusable('secretFile', 'it has no "uid"');
  if (loginUrl !== undefined && !/^https?:\/\//.test(loginUrl)) {
    throw unusable('secretFile', 'its "login_endpoint" is no http:// or https:// URL');
  }
  return {
    uid: secretUid,
    key: parseKey(textOf(secret.private_key), 'secretFile'),
    ...(loginUrl !== undefined && { loginUrl }),
  };
}

/** Whether this is the PEM text of an RSA private key without a passphrase. */
export function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

function parseSecret(text: string): Readonly<Record<string, unknown>> {
  try {
    const secret: unknown = JSON.parse(text);
    if (isObject(secret)) return secret;
  } catch {
    // The parser's message would quote the secret.
  }
  throw unusable('secretFile', 'it is not a JSON object');
}

function parseKey(pem: string | undefined, option: string): KeyObject {
  if (pem === undefined || !isRsaKey(pem)) throw unusable(option, 'it has no RSA private key in PEM');
  return createPrivateKey(pem);
}

function unusable(option: string, why: string): SourceError {
  return new SourceError(`reading the option "auth.serviceAccount.${option}": ${why}`, {
    code: 'SOURCE_UNAUTHORIZED',
    hint: 'create the service account secret again, and check that the whole of it was stored',
  });
}
