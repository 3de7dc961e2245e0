import { basicAuthorization } from './header-values.ts';
import { SecretFile } from './secret-file.ts';

/** With exactly one of `password` and `passwordFile`; see `basicAuthSchema`. */
export interface BasicAuthOptions {
  readonly username: string;
  readonly password?: string | undefined;
  /** File with the password, read for every request; white space around it is no part of it. */
  readonly passwordFile?: string | undefined;
}

/** Exactly one of these; see `authSchema`. */
export interface AuthOptions {
  readonly basic?: BasicAuthOptions | undefined;
  readonly bearer?: string | undefined;
  /** File with the same, read for every request, so that whoever renews it need tell nobody. */
  readonly bearerFile?: string | undefined;
}

/**
 * Gives the value of the header `authorization`; files are read anew for every request.
 *
 * @throws {SourceError} `SOURCE_UNREACHABLE`, from the function that is returned, when a file could never be read.
 */
export function readAuthorization({ basic, bearer, bearerFile }: AuthOptions): () => Promise<string> {
  if (basic !== undefined) {
    const { username, password = '', passwordFile } = basic;
    const file = passwordFile === undefined ? undefined : new SecretFile('auth.basic.passwordFile', passwordFile);
    return async () => basicAuthorization(username, (await file?.read()) ?? password);
  }
  const file = bearerFile === undefined ? undefined : new SecretFile('auth.bearerFile', bearerFile);
  return async () => `Bearer ${(await file?.read()) ?? bearer}`;
}
