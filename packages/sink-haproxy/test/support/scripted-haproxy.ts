import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Catalog, Sink } from '@signalbox/core';
import { type Bench, createBench } from '@signalbox/testkit/proxy';
import { createHaproxySink } from '../../src/create-sink.ts';
import { haproxyOptions } from '../../src/options.ts';
import { type Settings, toSettings } from '../../src/settings.ts';
import { serveSocket } from '../control/socket-server.ts';
import { freePort } from './origins.ts';
import { type ScriptedProcess, startProcess } from './scripted-process.ts';
import { makeEndpoint, makeService } from './services.ts';

/** In place of HAProxy's answer; with `cutAfter`, HAProxy does as it is told, and its connection ends behind so many letters of the reply. */
export type Script = (command: string) => string | { readonly cutAfter: number } | undefined;

/** A sink's target whose runtime socket is played, so that it refuses, breaks off and goes away on demand. */
export interface ScriptedHaproxy {
  readonly bench: Bench;
  /** The one that new connections get. */
  readonly process: ScriptedProcess;
  /** Of applications that are at `<name>.test`, each with one endpoint. */
  catalog(...names: string[]): Catalog;
  createSink(settings?: Partial<Settings>): Sink;
  /** Asked for the answer to every command from now on. */
  script(script: Script): void;
  /** The commands since the last call, without those that only ask or leave a mark. Maps are without their folder. */
  takeChanges(): readonly string[];
  /** Of `route.map` for `route`. */
  mapPath(name: string): string;
  /** A reload by other hands: connections stay with the old worker. */
  reload(): void;
  /** A crash and a new start: all connections end. */
  restart(): void;
}

const askForReload = "require('node:net').connect(process.argv[1]).end('reload\\n').resume()";

/** It ends with the bench. */
export async function createScriptedHaproxy(): Promise<ScriptedHaproxy> {
  const workers = new Map<Socket, ScriptedProcess>();
  const port = await freePort();
  let commands: string[] = [];
  let script: Script = () => undefined;
  let pid = 1_000;
  let current: ScriptedProcess;

  const runtime = await serveSocket((line, socket) => {
    // What comes behind a cut is not read any more.
    if (!socket.writable) return undefined;
    const worker = workers.get(socket) ?? current;
    workers.set(socket, worker);
    if (line === 'prompt') return frame('');
    commands.push(line);
    const scripted = script(line);
    if (typeof scripted === 'string') return frame(scripted);
    const reply = frame(worker.answer(line));
    if (scripted === undefined) return reply;
    socket.end(reply.slice(0, scripted.cutAfter));
    return undefined;
  });
  const runDirectory = runtime.folder;
  const bench = await createBench({
    configFile: 'haproxy.cfg',
    stop: async () => {
      await runtime[Symbol.asyncDispose]();
      await reloads[Symbol.asyncDispose]();
    },
  });
  const start = (): void => {
    pid += 1;
    current = startProcess(pid, bench.config, runDirectory);
  };
  const reload = (): void => {
    current.stopping = true;
    start();
  };
  current = startProcess(pid, bench.config, runDirectory);
  const reloads = await serveSocket(() => {
    reload();
    return undefined;
  });
  return {
    bench,
    get process() {
      return current;
    },
    catalog: (...names) =>
      bench.catalog(
        ...names.map((name) =>
          makeService(`mesos:/${name}#0`, {
            endpoints: [makeEndpoint(20_000)],
            routes: [{ hostnames: [`${name}.test`] }],
          }),
        ),
      ),
    createSink(settings = {}) {
      const options = haproxyOptions.parse({
        config: bench.config,
        runDirectory,
        reloadCommand: [process.execPath, '-e', askForReload, reloads.path],
        reload: { minIntervalMs: 0, jitterMs: 0 },
        listeners: [{ address: '127.0.0.1', port, protocol: 'http' }],
        servicePorts: false,
        spareBackends: 0,
        drainTimeoutMs: 0,
      });
      return bench.own(createHaproxySink({ ...toSettings(options), ...settings }));
    },
    script(next) {
      script = next;
    },
    takeChanges() {
      const taken = commands.filter((command) => !/^(show|get|help) /.test(command));
      commands = [];
      return taken
        .filter((command) => !command.includes('/meta.map '))
        .map((text) => text.replaceAll(join(runDirectory, '/'), ''));
    },
    mapPath: (name) => join(runDirectory, `${name}.map`),
    reload,
    restart() {
      start();
      for (const socket of workers.keys()) socket.destroy();
      workers.clear();
    },
  };
}

function frame(reply: string): string {
  return reply === '' ? '\n> ' : `${reply}\n\n> `;
}
