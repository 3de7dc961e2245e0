import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type Logger, type SourceError, silentLogger } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MarathonAuthOptions, marathon } from '../src/index.ts';
import { type FakeDcos, loginPath, startFakeDcos } from './fake-dcos.ts';
import { rawApp, startFakeMarathon } from './fake-marathon.ts';
import { runSource, type SourceRun } from './run-source.ts';

const cleanup: (() => unknown)[] = [];
let folder: string;
let dcos: FakeDcos;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-dcos-'));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  dcos = await startFakeDcos([rawApp('/shop/web', [31_001])]);
  cleanup.push(() => dcos.marathon.stop());
});

afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

function run(
  auth: MarathonAuthOptions,
  { urls = [dcos.marathon.url], logger = silentLogger }: { urls?: string[]; logger?: Logger } = {},
): SourceRun {
  const source = runSource(marathon({ urls, auth, coalesceMs: 5, requestTimeoutMs: 1_000, resyncMs: 50 }), { logger });
  cleanup.push(() => source.stop());
  return source;
}

function account(): MarathonAuthOptions {
  return { serviceAccount: { uid: dcos.uid, privateKey: dcos.privateKey } };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const tokensSent = (): (string | undefined)[] =>
  dcos.marathon.requests.filter(({ path }) => path !== loginPath).map(({ headers }) => headers.authorization);

/** Must be called before the source is made. */
function mockClock(): { aheadMs: number } {
  const clock = { aheadMs: 0 };
  const now = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + clock.aheadMs);
  return clock;
}

async function readsMore(count = 2): Promise<void> {
  const before = dcos.marathon.requests.length;
  await expect.poll(() => dcos.marathon.requests.length).toBeGreaterThanOrEqual(before + count);
}

describe('a service account', () => {
  it('logs in once with a signed JWT, and uses the token for every request', async () => {
    await run(account()).until((services) => services.size === 1);
    await readsMore();
    expect(dcos.loginCount).toBe(1);
    expect(new Set(tokensSent())).toEqual(new Set([`token=${dcos.tokens[0]}`]));
  });

  it('is read from the secret file of DC/OS, which says where to log in', async () => {
    const gateway = await startFakeMarathon([rawApp('/shop/web', [31_001])]);
    cleanup.push(() => gateway.stop());
    const secret = { uid: dcos.uid, private_key: dcos.privateKey, scheme: 'RS256' };
    const login_endpoint = `${dcos.marathon.url}${loginPath}`;
    const secretFile = await file('secret.json', JSON.stringify({ ...secret, login_endpoint }));
    await run({ serviceAccount: { secretFile } }, { urls: [gateway.url] }).until(() => true);
    expect(dcos.loginCount).toBe(1);
    expect(gateway.requests.map(({ headers }) => headers.authorization)).toContain(`token=${dcos.tokens[0]}`);
    expect(gateway.requests.some(({ path }) => path === loginPath)).toBe(false);
  });

  it('logs in at another master when the first does not answer', async () => {
    const dead = await startFakeMarathon();
    await dead.stop();
    await run(account(), { urls: [dead.url, dcos.marathon.url] }).until((services) => services.size === 1);
    expect(dcos.loginCount).toBe(1);
  });

  it('logs in again before the token ends', async () => {
    const clock = mockClock();
    dcos.lifetimeSeconds = 1_000;
    await run(account()).until((services) => services.size === 1);
    clock.aheadMs = 880_000;
    await readsMore();
    expect(dcos.loginCount).toBe(1);
    clock.aheadMs = 910_000;
    await expect.poll(() => dcos.tokens.length === 2 && tokensSent().at(-1) === `token=${dcos.tokens[1]}`).toBe(true);
    expect(dcos.loginCount).toBe(2);
  });

  it('keeps a token that still holds when it cannot be renewed', async () => {
    const clock = mockClock();
    dcos.lifetimeSeconds = 1_000;
    const source = run(account());
    await source.until((services) => services.size === 1);
    dcos.refuseLogins = 503;
    clock.aheadMs = 920_000;
    await readsMore(4);
    await expect.poll(() => dcos.loginCount).toBe(2);
    expect(await Promise.race([source.ended, 'still running'])).toBe('still running');
  });

  it('logs in once more when its token is refused, and gives up when the new one is refused too', async () => {
    const clock = mockClock();
    const source = run(account());
    await source.until((services) => services.size === 1);
    clock.aheadMs = 20_000;
    dcos.revokeTokens();
    await expect.poll(() => dcos.tokens.length === 2 && tokensSent().at(-1) === `token=${dcos.tokens[1]}`).toBe(true);
    expect(dcos.loginCount).toBe(2);
    dcos.revokeTokens();
    expect(await source.ended).toMatchObject({ code: 'SOURCE_UNAUTHORIZED', status: 401 });
    expect(dcos.loginCount).toBe(2);
  });

  it('reads a replaced key at the next login', async () => {
    const privateKeyFile = await file('key.pem', dcos.privateKey);
    const source = runSource(
      marathon({ urls: [dcos.marathon.url], auth: { serviceAccount: { uid: dcos.uid, privateKeyFile } } }),
    );
    await source.until(() => true);
    await source.stop();
    await file('key.pem', dcos.replaceKey());
    dcos.revokeTokens();
    await run({ serviceAccount: { uid: dcos.uid, privateKeyFile } }).until((services) => services.size === 1);
    expect(dcos.tokens).toHaveLength(2);
  });

  it('that is refused ends the watch with what to check, and with no secret in any text', async () => {
    const lines: unknown[] = [];
    const write = (...line: unknown[]): void => void lines.push(line);
    const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
    dcos.replaceKey();
    const refused = (await run(account(), { logger }).ended) as SourceError;
    expect(refused).toMatchObject({ code: 'SOURCE_UNAUTHORIZED', hint: expect.stringContaining('public key') });
    dcos.refuseLogins = 500;
    const failed = await run(account(), { logger }).ended;
    expect(failed).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    const text = inspect([refused, failed, lines], { depth: 12, showHidden: true });
    expect(text).not.toContain('eyJ');
    expect(text).not.toContain(dcos.privateKey.split('\n')[1]);
  });

  it.each([
    ['none.json', undefined, 'SOURCE_UNREACHABLE'],
    ['text.json', 'no JSON', 'SOURCE_UNAUTHORIZED'],
    ['partial.json', '{"uid":"a","private_key":"?"}', 'SOURCE_UNAUTHORIZED'],
  ])('names the option of a secret that cannot be used: %s', async (name, text, code) => {
    const secretFile = text === undefined ? join(folder, name) : await file(name, text);
    const error = (await run({ serviceAccount: { secretFile } }).ended) as SourceError;
    expect(error).toMatchObject({ code, message: expect.stringContaining('auth.serviceAccount.secretFile') });
  });
});

describe('a token', () => {
  it('goes with every request as it stands', async () => {
    const open = await startFakeMarathon([rawApp('/shop/web', [31_001])]);
    cleanup.push(() => open.stop());
    await run({ token: 'abc.def' }, { urls: [open.url] }).until(() => true);
    expect(new Set(open.requests.map(({ headers }) => headers.authorization))).toEqual(new Set(['token=abc.def']));
  });

  it('from a file is used as it is now, and one that is refused appears in no error', async () => {
    const open = await startFakeMarathon([rawApp('/shop/web', [31_001])]);
    cleanup.push(() => open.stop());
    const tokenFile = await file('token', 'first.token\n');
    await run({ tokenFile }, { urls: [open.url] }).until(() => true);
    await file('token', 'second.token\n');
    await expect.poll(() => open.requests.at(-1)?.headers.authorization).toBe('token=second.token');
    expect(open.requests[0]?.headers.authorization).toBe('token=first.token');
    const error = (await run({ token: 'eyJsecret' }).ended) as SourceError;
    expect(error.code).toBe('SOURCE_UNAUTHORIZED');
    expect(inspect(error, { depth: 9 })).not.toContain('eyJsecret');
  });
});

describe('a password file', () => {
  it('is read again: a replaced password is used at once', async () => {
    const open = await startFakeMarathon([rawApp('/shop/web', [31_001])]);
    cleanup.push(() => open.stop());
    const passwordFile = await file('password', 'old\n');
    const basic = (password: string): string => `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;
    let accepted = basic('old');
    open.handle = (request, response) => {
      if (request.headers.authorization === accepted) return false;
      response.writeHead(401).end();
      return true;
    };
    const source = run({ basic: { username: 'me', passwordFile } }, { urls: [open.url] });
    await source.until(() => true);
    await file('password', 'new');
    accepted = basic('new');
    await expect.poll(() => open.requests.at(-1)?.headers.authorization).toBe(accepted);
    expect(await Promise.race([source.ended, 'still running'])).toBe('still running');
  });
});
