import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SinkError } from '@signalbox/core';
import { runCommand } from '@signalbox/sink-kit';

/** What the program on the disk can do. */
export interface Program {
  /** e.g. `1.22.1`. */
  readonly version: string;
  /** Whether it knows `keepalive_min_timeout`, which came with 1.27.4. */
  readonly keepsIdleConnections: boolean;
  /** Whether `http2` is a directive; before 1.25.1 it was a word of `listen`. */
  readonly hasHttp2Directive: boolean;
  /** What its workers run as when root starts it, unless the configuration says otherwise. */
  readonly user: string;
  /** Whether it counts connections and requests (`ngx_http_stub_status_module`). */
  readonly hasStubStatus: boolean;
  /** Whether a configuration with our Lua code loads; else why not. */
  readonly lua: { readonly modules: readonly string[] } | { readonly problem: string };
  /** Modules to load for TCP and UDP; undefined when nginx cannot do that. */
  readonly stream: readonly string[] | undefined;
}

const luaModules = ['ndk_http_module.so', 'ngx_http_lua_module.so'];

/** Asks the program itself, and tries the Lua module with a configuration that loads everything which our code needs. */
export async function inspectProgram(program: string, signal: AbortSignal): Promise<Program> {
  const { output } = await runCommand([program, '-V'], {
    signal,
    timeoutMs: 10_000,
    code: 'SINK_UNREACHABLE',
    purpose: 'asking nginx for its version',
    hint: 'install nginx 1.18 or later, or set `binary`',
  });
  const version = parseVersion(output);
  const folder = /--modules-path=(\S+)/.exec(output)?.[1] ?? '/usr/lib/nginx/modules';
  const stream = findStream(output, folder);
  const modules = luaModules.map((name) => join(folder, name)).filter((path) => existsSync(path));
  const keepsIdleConnections = isAtLeast(version, [1, 27, 4]);
  const hasHttp2Directive = isAtLeast(version, [1, 25, 1]);
  const hasStubStatus = output.includes('--with-http_stub_status_module');
  const user = /--user=([^\s']+)/.exec(output)?.[1] ?? 'nobody';
  const lua = await tryLua(program, modules, signal);
  return { version, keepsIdleConnections, hasHttp2Directive, hasStubStatus, user, stream, lua };
}

/** @throws {SinkError} SINK_REFUSED: no version, or older than 1.18. */
export function parseVersion(output: string): string {
  const version = /nginx version: \S+?\/(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version !== undefined && isAtLeast(version, [1, 18, 0])) return version;
  throw new SinkError(
    `using nginx "${output.split('\n', 1)[0]?.slice(0, 100)}": it is not a version that is supported`,
    {
      code: 'SINK_REFUSED',
      hint: 'install nginx 1.18 or later',
    },
  );
}

export function isAtLeast(version: string, least: readonly [number, number, number]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, number] of least.entries()) {
    const difference = (parts[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function findStream(output: string, folder: string): readonly string[] | undefined {
  if (/--with-stream(\s|$)/.test(output)) return [];
  const path = join(folder, 'ngx_stream_module.so');
  return existsSync(path) ? [path] : undefined;
}

async function tryLua(program: string, modules: readonly string[], signal: AbortSignal): Promise<Program['lua']> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-probe-'));
  const configPath = join(directory, 'nginx.conf');
  const needed = ['cjson.safe', 'resty.lrucache', 'ngx.balancer', 'ngx.process', 'ngx.ssl'];
  const requires = needed.map((name) => `require "${name}"`).join('; ');
  const config = [
    ...modules.map((path) => `load_module ${path};`),
    `pid ${directory}/nginx.pid;`,
    `error_log ${directory}/error.log;`,
    'events { }',
    `http { lua_shared_dict probe 1m; init_by_lua_block { ${requires} }`,
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`),
    '}',
  ];
  try {
    await writeFile(configPath, `${config.join('\n')}\n`);
    await runCommand([program, '-t', '-c', configPath], {
      signal,
      timeoutMs: 10_000,
      code: 'SINK_CHECK_FAILED',
      purpose: 'trying the Lua module of nginx',
    });
    return { modules };
  } catch (error) {
    if (!(error instanceof SinkError)) throw error;
    return { problem: firstProblem(error.output ?? error.message) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function firstProblem(output: string): string {
  const line = output.split('\n').find((text) => /\[(emerg|error)\]/.test(text)) ?? output.split('\n')[0] ?? '';
  return line.replace(/^nginx: /, '').slice(0, 200);
}
