import { isPipelineError, SourceError, withAbort } from '@signalbox/core';
import { SecretFile } from '@signalbox/source-kit';
import type { ServiceAccountOptions } from './auth-options.ts';
import type { Credentials, CredentialsContext } from './credentials.ts';
import { tokenAuthorization } from './header-values.ts';
import { expiryOf, logIn } from './log-in.ts';
import { type Account, readAccount } from './read-account.ts';

/** A token is renewed after nine tenths of its life, but no earlier than this before its end. */
const maxRenewalMarginMs = 300_000;

/**
 * Shortest time from one login to the next as long as there is a token: a clock that is ahead makes every token look
 * expired, and an account without rights has every token refused.
 */
const minLoginSpacingMs = 10_000;

interface Token {
  readonly authorization: string;
  readonly issuedAtMs: number;
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
}

/** A DC/OS service account: logs in with a signed JWT, and uses the token that it gets until shortly before its end. */
export class ServiceAccount implements Credentials {
  readonly #options: ServiceAccountOptions;
  readonly #origins: readonly string[];
  readonly #now: () => number;
  readonly #files: { readonly secret?: SecretFile; readonly privateKey?: SecretFile };
  #token: Token | undefined;
  /** When a login failed last. */
  #failedAtMs = Number.NEGATIVE_INFINITY;
  /** The login under way, which all requests wait for together. */
  #login: Promise<Token> | undefined;

  constructor(options: ServiceAccountOptions, origins: readonly string[], now: () => number) {
    this.#options = options;
    this.#origins = origins;
    this.#now = now;
    const { secretFile, privateKeyFile } = options;
    this.#files = {
      ...(secretFile !== undefined && { secret: new SecretFile('auth.serviceAccount.secretFile', secretFile) }),
      ...(privateKeyFile !== undefined && {
        privateKey: new SecretFile('auth.serviceAccount.privateKeyFile', privateKeyFile),
      }),
    };
  }

  async authorization(context: CredentialsContext): Promise<string> {
    const token = this.#token;
    if (token === undefined) return (await this.#logInOnce(context)).authorization;
    if (this.#now() < token.renewAtMs || this.#isRecent(token.issuedAtMs)) return token.authorization;
    // A failed renewal does no harm while the token still holds; it is tried again.
    const holds = this.#now() < token.expiresAtMs;
    if (holds && this.#isRecent(this.#failedAtMs)) return token.authorization;
    try {
      return (await this.#logInOnce(context)).authorization;
    } catch (error) {
      context.signal.throwIfAborted();
      if (isPipelineError(error) && holds) return token.authorization;
      throw error;
    }
  }

  async renew(refused: string, context: CredentialsContext): Promise<boolean> {
    const token = this.#token;
    if (token !== undefined && token.authorization !== refused) return true;
    // What is refused right after it was given will not be replaced by something better.
    if (token !== undefined && this.#isRecent(token.issuedAtMs)) return false;
    this.#token = undefined;
    await this.#logInOnce(context);
    return true;
  }

  #isRecent(atMs: number): boolean {
    const sinceMs = this.#now() - atMs;
    return sinceMs >= 0 && sinceMs < minLoginSpacingMs;
  }

  async #logInOnce(context: CredentialsContext): Promise<Token> {
    const { signal } = context;
    for (;;) {
      signal.throwIfAborted();
      const shared = this.#login !== undefined;
      this.#login ??= this.#logIn(context).finally(() => {
        this.#login = undefined;
      });
      try {
        return await withAbort(this.#login, signal);
      } catch (error) {
        signal.throwIfAborted();
        // The one who began it was aborted, and we were not.
        if (shared && !isPipelineError(error)) continue;
        throw error;
      }
    }
  }

  async #logIn(context: CredentialsContext): Promise<Token> {
    let token: string;
    try {
      token = await this.#logInAnywhere(await readAccount(this.#options, this.#files), context);
    } catch (error) {
      this.#failedAtMs = this.#now();
      throw error;
    }
    const nowMs = this.#now();
    const expiresAtMs = expiryOf(token) ?? Number.POSITIVE_INFINITY;
    const marginMs = Math.min(maxRenewalMarginMs, Math.max(0, expiresAtMs - nowMs) / 10);
    const authorization = tokenAuthorization(token);
    this.#token = { authorization, issuedAtMs: nowMs, renewAtMs: expiresAtMs - marginMs, expiresAtMs };
    return this.#token;
  }

  async #logInAnywhere(account: Account, context: CredentialsContext): Promise<string> {
    const configured = this.#options.loginUrl ?? account.loginUrl;
    const urls = configured === undefined ? this.#origins.map((origin) => `${origin}${loginPath}`) : [configured];
    let failure: unknown;
    for (const url of urls) {
      try {
        return await logIn({ ...context, account, url, nowMs: this.#now() });
      } catch (error) {
        context.signal.throwIfAborted();
        failure = error;
        if (error instanceof SourceError && error.code === 'SOURCE_UNAUTHORIZED') break;
      }
    }
    throw failure;
  }
}

const loginPath = '/acs/api/v1/auth/login';
