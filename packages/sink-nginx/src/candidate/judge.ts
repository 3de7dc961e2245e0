import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isPipelineError, SinkError } from '@signalbox/core';
import { findGuiltyItems, runCommand } from '@signalbox/sink-kit';
import type { Desired, HostRoutes, Rule, Upstream } from '../desired/model.ts';
import { readLuaFiles } from '../lua-files.ts';
import { hashCandidate, type RenderOptions, renderCandidate } from '../render/config.ts';
import { controlSocketPath } from '../settings.ts';

/** What nginx thinks of a candidate. */
export type Verdict =
  | { readonly kind: 'good' }
  /** Good without these upstreams; nginx's words by upstream. */
  | { readonly kind: 'guilty'; readonly upstreams: ReadonlyMap<Upstream, string> }
  | { readonly kind: 'refused'; readonly error: SinkError };

export interface Candidate {
  readonly desired: Desired;
  readonly render: RenderOptions;
  /** Asks again when the last verdict was not good. */
  readonly again: boolean;
}

/** Remembers verdicts, so that a check (1 to 3 s at 10,000 services without Lua) runs once for each candidate. */
export interface Judge {
  judge(candidate: Candidate, signal: AbortSignal): Promise<Verdict>;
}

/** Enough for a candidate and its way back. */
const remembered = 8;

export function createJudge(): Judge {
  const verdicts = new Map<string, Verdict>();
  return {
    async judge(candidate, signal) {
      const hash = hashCandidate(candidate.desired, candidate.render);
      const known = verdicts.get(hash);
      if (known !== undefined && (known.kind === 'good' || !candidate.again)) return known;
      const verdict = await reach(candidate, signal);
      verdicts.set(hash, verdict);
      const [oldest] = verdicts.keys();
      if (verdicts.size > remembered && oldest !== undefined) verdicts.delete(oldest);
      return verdict;
    },
  };
}

async function reach({ desired, render }: Candidate, signal: AbortSignal): Promise<Verdict> {
  const error = await checkCandidate(desired, render, signal);
  if (error === undefined) return { kind: 'good' };
  const guilty = await findGuiltyItems(desired.upstreams.values(), (upstreams) =>
    checkCandidate(keep(desired, upstreams), render, signal),
  );
  if (guilty === undefined || guilty.length === 0) return { kind: 'refused', error };
  return { kind: 'guilty', upstreams: new Map(guilty.map(({ item, error: words }) => [item, wordsOf(words)])) };
}

/** What nginx's own check says against the candidate, or undefined when it is good. The check runs on copies in a temporary folder. */
export async function checkCandidate(
  desired: Desired,
  render: RenderOptions,
  signal: AbortSignal,
): Promise<SinkError | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-check-'));
  try {
    await mkdir(dirname(controlSocketPath(directory)));
    if (render.mode === 'lua') {
      await mkdir(join(directory, 'lua', 'signalbox'), { recursive: true });
      for (const [name, text] of readLuaFiles()) await writeFile(join(directory, 'lua', 'signalbox', name), text);
    }
    const configPath = join(directory, 'nginx.conf');
    await writeFile(configPath, renderCandidate(desired, render, directory));
    await runCommand([render.settings.program, '-t', '-q', '-c', configPath], {
      signal,
      timeoutMs: 60_000,
      code: 'SINK_CHECK_FAILED',
      purpose: 'checking the candidate',
      hint: 'see the output; nothing was changed',
    });
    return undefined;
  } catch (error) {
    if (isPipelineError(error) && error.code === 'SINK_CHECK_FAILED') return error as SinkError;
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The same with these upstreams only, and what leads to them. */
function keep(desired: Desired, upstreams: readonly Upstream[]): Desired {
  const kept = new Map(upstreams.map((upstream) => [upstream.name, upstream]));
  const onlyPorts = (ports: ReadonlyMap<number, string>): ReadonlyMap<number, string> =>
    new Map([...ports].filter(([, name]) => kept.has(name)));
  const onlyRules = (rules: HostRoutes['exact']): HostRoutes['exact'] =>
    new Map(
      [...rules]
        .map(([path, list]): [string, readonly Rule[]] => [path, list.filter(({ upstream }) => kept.has(upstream))])
        .filter(([, list]) => list.length > 0),
    );
  const { http, tcp, udp } = desired.ports;
  return {
    ...desired,
    upstreams: kept,
    ports: { http: onlyPorts(http), tcp: onlyPorts(tcp), udp: onlyPorts(udp) },
    hosts: new Map(
      [...desired.hosts].map(([host, { exact, prefix }]) => [
        host,
        { exact: onlyRules(exact), prefix: onlyRules(prefix) },
      ]),
    ),
  };
}

/** The first emergency names the cause. Without date, pid and place: the file is gone by now, and the next check says the same. */
function wordsOf(error: Error): string {
  const output = error instanceof SinkError ? (error.output ?? '') : '';
  const line = output.split('\n').find((text) => text.includes('[emerg]')) ?? error.message;
  return line.replace(/^.*?\[emerg\] (\d+#\d+: )?/, '').replace(/ in \/\S+:\d+$/, '');
}
