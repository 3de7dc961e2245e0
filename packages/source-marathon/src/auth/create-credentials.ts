import { basicAuthorization, SecretFile } from '@signalbox/source-kit';
import type { AuthOptions } from './auth-options.ts';
import type { Credentials } from './credentials.ts';
import { tokenAuthorization } from './header-values.ts';
import { ServiceAccount } from './service-account.ts';

/**
 * @param origins - scheme, host and port of the masters, where a service account logs in unless told otherwise
 * @param now - epoch milliseconds
 */
export function createCredentials(auth: AuthOptions, origins: readonly string[], now: () => number): Credentials {
  const { basic, token, tokenFile, serviceAccount } = auth;
  if (serviceAccount !== undefined) return new ServiceAccount(serviceAccount, origins, now);
  if (basic !== undefined) {
    const read = textReader(basic.password, 'auth.basic.passwordFile', basic.passwordFile);
    return new ReadCredentials(async () => basicAuthorization(basic.username, await read()));
  }
  const read = textReader(token, 'auth.tokenFile', tokenFile);
  return new ReadCredentials(async () => tokenAuthorization(await read()));
}

/** Credentials that are written in a URL. */
export function fixedBasic(username: string, password: string): Credentials {
  const authorization = basicAuthorization(username, password);
  return new ReadCredentials(async () => authorization);
}

function textReader(text: string | undefined, option: string, path: string | undefined): () => Promise<string> {
  if (path === undefined) return async () => text ?? '';
  const file = new SecretFile(option, path);
  return () => file.read();
}

/** Credentials that are given, as text or as a file. They are new only when somebody has replaced the file. */
class ReadCredentials implements Credentials {
  readonly #read: () => Promise<string>;

  constructor(read: () => Promise<string>) {
    this.#read = read;
  }

  authorization(): Promise<string> {
    return this.#read();
  }

  async renew(refused: string): Promise<boolean> {
    return (await this.#read()) !== refused;
  }
}
