import type { Agent } from 'undici';

/** What credentials may use to obtain themselves. */
export interface CredentialsContext {
  readonly agent: Agent;
  /** For one request. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Where the value of the `Authorization` header comes from. Lives as long as the source. */
export interface Credentials {
  /** @throws {SourceError} when it cannot be had. */
  authorization(context: CredentialsContext): Promise<string>;
  /** Called with a value that was answered with 401. Resolves to whether there is now another one, worth a second attempt. */
  renew(refused: string, context: CredentialsContext): Promise<boolean>;
}
