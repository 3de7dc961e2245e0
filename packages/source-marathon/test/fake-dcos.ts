import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FakeMarathon, json, startFakeMarathon } from './fake-marathon.ts';

export const loginPath = '/acs/api/v1/auth/login';

/** A DC/OS master: a login for one service account, and a Marathon that only its tokens open. */
export interface FakeDcos {
  readonly marathon: FakeMarathon;
  /** PEM text of the account's private key. */
  readonly privateKey: string;
  readonly uid: string;
  /** Lifetime of the tokens that are given out from now on. */
  lifetimeSeconds: number;
  /** Status of every login from now on, instead of an answer. */
  refuseLogins: number | undefined;
  /** Tokens that were given out, oldest first. */
  readonly tokens: readonly string[];
  readonly loginCount: number;
  /** From now on tokens that were given out before are refused, as after a restart of the identity service. */
  revokeTokens(): void;
  /** Lets a key open the account from now on, and no other. */
  replaceKey(): string;
}

export async function startFakeDcos(...apps: Parameters<typeof startFakeMarathon>): Promise<FakeDcos> {
  const marathon = await startFakeMarathon(...apps);
  let keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const tokens: string[] = [];
  const valid = new Set<string>();
  let loginCount = 0;

  const logIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    loginCount += 1;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { uid, token } = JSON.parse(body) as { uid: string; token: string };
    if (fake.refuseLogins !== undefined) return json(response, fake.refuseLogins, { description: `no: ${token}` });
    if (uid !== fake.uid || !isSignedLogin(token, uid, keys.publicKey)) {
      return json(response, 401, { title: 'Unauthorized', description: `bad token ${token}` });
    }
    const exp = Math.floor(Date.now() / 1_000) + fake.lifetimeSeconds;
    const issued = [
      { alg: 'HS256', typ: 'JWT' },
      { exp, uid, serial: tokens.length },
    ]
      .map(encode)
      .join('.');
    tokens.push(`${issued}.signature`);
    valid.add(`${issued}.signature`);
    json(response, 200, { token: tokens.at(-1) });
  };

  const fake: FakeDcos = {
    marathon,
    privateKey: pemOf(keys.privateKey),
    uid: 'signalbox',
    lifetimeSeconds: 432_000,
    refuseLogins: undefined,
    tokens,
    get loginCount() {
      return loginCount;
    },
    revokeTokens: () => valid.clear(),
    replaceKey() {
      keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return pemOf(keys.privateKey);
    },
  };
  marathon.handle = (request, response, path) => {
    if (path === loginPath && request.method === 'POST') {
      void logIn(request, response);
      return true;
    }
    const token = /^token=(.*)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined && valid.has(token)) return false;
    response.writeHead(401, { 'content-type': 'text/html', 'www-authenticate': 'acsjwt' });
    response.end(`<html><title>401</title>${request.headers.authorization}</html>`);
    return true;
  };
  return fake;
}

/** What the identity service checks: the algorithm, the account, that it ends soon and not yet, and the signature. */
function isSignedLogin(token: string, uid: string, publicKey: KeyObject): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const head = decode(header);
  const claims = decode(payload);
  const remainingSeconds = Number(claims.exp) - Date.now() / 1_000;
  return (
    head.alg === 'RS256' &&
    head.typ === 'JWT' &&
    claims.uid === uid &&
    remainingSeconds > 0 &&
    remainingSeconds <= 120 &&
    verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))
  );
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(text: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>;
}
