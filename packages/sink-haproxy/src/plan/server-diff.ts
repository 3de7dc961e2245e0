import { formatAddress } from '@signalbox/core';
import type { Backend, Server } from '../desired/model.ts';
import type { ObservedServer } from '../observed/model.ts';
import * as safe from '../render/escape.ts';
import { serverWords } from '../render/servers.ts';
import type { Retirement } from './retirement.ts';
import { type RuntimeChange, type RuntimeStep, servicesOf } from './runtime-change.ts';

export interface ServerDiffOptions {
  readonly retirement: Retirement;
  /** Whether this HAProxy survives `del server`. */
  readonly deletes: boolean;
}

/** What one backend needs at runtime. Servers that already retire are no difference until their next step is due. */
export function diffServers(
  backend: Backend,
  observed: ReadonlyMap<string, ObservedServer>,
  options: ServerDiffOptions,
): readonly RuntimeChange[] {
  const changes: RuntimeChange[] = [];
  let known = 0;
  for (const server of backend.servers.values()) {
    const now = observed.get(server.name);
    if (now !== undefined) known += 1;
    options.retirement.forget(backend.name, server.name);
    if (now === undefined) changes.push(addServer(backend, server, hasReadyServer(backend, observed)));
    else if (now.state !== 'ready') changes.push(returnServer(backend, server, now, hasReadyServer(backend, observed)));
    else adjustServer(backend, server, now, changes);
  }
  if (observed.size === known) return changes;
  for (const [name, now] of observed) {
    if (backend.servers.has(name)) continue;
    const step = nextStep(backend, name, now, options);
    if (step !== undefined) changes.push(retireServer(backend, name, now, step));
  }
  return changes;
}

/** Whether a server that stays could answer. */
export function hasReadyServer({ servers }: Backend, observed: ReadonlyMap<string, ObservedServer>): boolean {
  for (const [name, { state }] of observed) if (state === 'ready' && servers.has(name)) return true;
  return false;
}

/** A server whose address is not the one in its name was changed by other hands, and only a reload makes it true again. */
export function findMovedServer(backend: Backend, observed: ReadonlyMap<string, ObservedServer>): string | undefined {
  for (const { name, address, port } of backend.servers.values()) {
    const now = observed.get(name);
    if (now !== undefined && (now.port !== port || now.address !== address)) return name;
  }
  return undefined;
}

function nextStep(backend: Backend, name: string, now: ObservedServer, { retirement, deletes }: ServerDiffOptions) {
  // The source still knows it: it drains for as long as the source says so.
  if (backend.draining.has(name)) {
    retirement.forget(backend.name, name);
    return now.state === 'ready' ? 'drain' : undefined;
  }
  return retirement.next(backend.name, name, now.state, deletes);
}

/**
 * Never with the word `enabled`, which would save a command: 2.6 takes it and shows a server that is ready, but gives it no request ever
 * (haproxy#2497), and from 3.0 on it is refused.
 */
function addServer(backend: Backend, server: Server, hasOthers: boolean): RuntimeChange {
  const commands: RuntimeStep[] = [
    {
      phase: 'add',
      command: `add server ${safe.name(backend.name)}/${serverWords(backend, server)}`,
      reply: 'New server registered.',
    },
    ...enterSteps(backend, server, { hasOthers, checking: false }),
  ];
  return change(backend, server.name, `server ${placeOf(server)} added`, commands);
}

function returnServer(backend: Backend, server: Server, now: ObservedServer, hasOthers: boolean): RuntimeChange {
  const commands = [
    ...enterSteps(backend, server, { hasOthers, checking: now.checking }),
    ...weightSteps(backend, server, now),
  ];
  return change(backend, server.name, `server ${placeOf(server)} back in service`, commands);
}

function adjustServer(backend: Backend, server: Server, now: ObservedServer, changes: RuntimeChange[]): void {
  if (now.weight !== server.weight) {
    const summary = `server ${placeOf(server)} gets weight ${server.weight} instead of ${now.weight}`;
    changes.push(change(backend, server.name, summary, weightSteps(backend, server, now)));
  }
  if (backend.checked && !now.checking) {
    const command = `enable health ${serverPath(backend, server.name)}`;
    const steps: RuntimeStep[] = [{ phase: 'add', command, reply: '' }];
    changes.push(change(backend, server.name, `server ${placeOf(server)} is checked again`, steps));
  }
}

function placeOf({ address, port }: Pick<Server, 'address' | 'port'>): string {
  return formatAddress(address, port);
}

/**
 * A checked server starts UP, and an unreachable one costs requests until its first checks have failed (20 requests, 3 s stalls); so it
 * starts DOWN, unless the source vouches for it or nobody else could answer.
 */
function enterSteps(
  backend: Backend,
  server: Server,
  { hasOthers, checking }: { readonly hasOthers: boolean; readonly checking: boolean },
): readonly RuntimeStep[] {
  const target = serverPath(backend, server.name);
  const commands: string[] = [];
  if (backend.checked && !checking) commands.push(`enable health ${target}`);
  commands.push(`set server ${target} state ready`);
  if (backend.checked && !server.vouched && hasOthers) commands.push(`set server ${target} health down`);
  return commands.map((command) => ({ phase: 'add', command, reply: '' }));
}

function weightSteps(backend: Backend, server: Server, now: ObservedServer): readonly RuntimeStep[] {
  if (now.weight === server.weight) return [];
  const command = `set server ${serverPath(backend, server.name)} weight ${server.weight}`;
  return [{ phase: 'weight', command, reply: '' }];
}

function retireServer(
  backend: Backend,
  name: string,
  now: ObservedServer,
  step: 'drain' | 'maintenance' | 'delete',
): RuntimeChange {
  const target = serverPath(backend, name);
  const place = placeOf(now);
  if (step === 'drain') {
    return change(backend, name, `server ${place} drained`, [
      { phase: 'drain', command: `set server ${target} state drain`, reply: '' },
    ]);
  }
  if (step === 'maintenance') {
    return change(backend, name, `server ${place} put into maintenance`, [
      { phase: 'maintenance', command: `set server ${target} state maint`, reply: '' },
    ]);
  }
  return change(backend, name, `server ${place} deleted`, [
    { phase: 'delete', command: `del server ${target}`, reply: undefined },
  ]);
}

/** Not through `safe.name`: a server that others added may have any name that HAProxy takes, and it came from HAProxy. */
function serverPath(backend: Backend, server: string): string {
  return `${backend.name}/${server}`;
}

function change(backend: Backend, server: string, summary: string, steps: readonly RuntimeStep[]): RuntimeChange {
  return {
    change: { action: 'runtime', target: `${backend.name}/${server}`, summary, services: servicesOf(backend) },
    steps,
    server: { backend: backend.name, name: server },
  };
}
