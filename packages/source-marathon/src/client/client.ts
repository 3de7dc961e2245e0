import { explanationOf, type FailedAnswer, openConnection } from '@signalbox/source-kit';
import type { Agent } from 'undici';
import { arrayOf, isObject, textOf } from '../mapping/read-fields.ts';
import type { ResolvedMarathonOptions } from '../options.ts';
import { badAnswer } from './failures.ts';
import { getJson, type JsonAnswer, RefusedAnswer } from './get-json.ts';
import type { Master } from './master.ts';
import type { Masters } from './masters.ts';

/** Up to 0.10 only the first `embed` counts, so the tasks come first; unknown ones are ignored. They are never comma-separated. */
const embeds = 'embed=apps.tasks&embed=apps.readiness';

export type OneApp =
  | { readonly found: unknown }
  /** `deleted`: Marathon says that there is no such app. `deselected`: there is, but the label selector no longer matches. */
  | { readonly found?: undefined; readonly reason: 'deleted' | 'deselected' };

type LocatedAnswer = JsonAnswer & { readonly url: string };

export type ClientOptions = Pick<ResolvedMarathonOptions, 'tls' | 'label' | 'requestTimeoutMs'>;

/** Reads from whichever master answers. One per run of `watch`; owns its sockets. */
export class MarathonClient implements AsyncDisposable {
  readonly agent: Agent;
  readonly masters: Masters;
  readonly #options: ClientOptions;
  readonly #signal: AbortSignal;

  private constructor(agent: Agent, masters: Masters, options: ClientOptions, signal: AbortSignal) {
    this.agent = agent;
    this.masters = masters;
    this.#options = options;
    this.#signal = signal;
  }

  static async open(masters: Masters, options: ClientOptions, signal: AbortSignal): Promise<MarathonClient> {
    return new MarathonClient(await openConnection(options.tls), masters, options, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.destroy();
  }

  /** Every app that the selector matches and that this identity may see, with its tasks. */
  async readApps(signal: AbortSignal): Promise<readonly unknown[]> {
    return await this.#readAppList(this.#selected(`/v2/apps?${embeds}`), signal);
  }

  /** @param id - absolute; goes into the path unescaped except for what no Marathon id can contain */
  async readApp(id: string, signal: AbortSignal): Promise<OneApp> {
    if (this.#options.label !== undefined) {
      // `id` is a case-insensitive substring, so others may be in the answer.
      const apps = await this.#readAppList(this.#selected(`/v2/apps?${embeds}&id=${encodeURIComponent(id)}`), signal);
      const found = apps.find((app) => isObject(app) && app.id === id);
      if (found !== undefined) return { found };
    }
    const path = `/v2/apps${encodePath(id)}?${embeds}`;
    const answer = await this.#ask(signal, (master) => this.#getUnless(isUnknownApp, master, path, signal));
    if (answer === undefined) return { reason: 'deleted' };
    if (this.#options.label !== undefined) return { reason: 'deselected' };
    const { value } = answer;
    if (!isObject(value) || !isObject(value.app)) throw badAnswer(answer.url, 'it has no "app"');
    return { found: value.app };
  }

  /** The bare definition; `null` when Marathon no longer keeps this version. */
  async readDefinition(id: string, version: string, signal: AbortSignal): Promise<unknown> {
    const path = `/v2/apps${encodePath(id)}/versions/${encodeURIComponent(version)}`;
    const answer = await this.#ask(signal, (master) => this.#getUnless(isPruned, master, path, signal));
    return answer === undefined ? null : answer.value;
  }

  /**
   * Every pod that this identity may see, with its instances; undefined when this Marathon has no pods (before 1.4) or lets
   * this identity see none of them. There is no selector for pods.
   */
  async readPods(signal: AbortSignal): Promise<readonly unknown[] | undefined> {
    return await this.#ask(signal, async (master) => {
      const answer = await this.#getUnless(isWithoutPods, master, '/v2/pods/::status', signal);
      if (answer === undefined) return undefined;
      if (!Array.isArray(answer.value)) throw badAnswer(answer.url, 'it is no array of pods');
      return arrayOf(answer.value);
    });
  }

  /** @returns undefined when Marathon says that there is no such pod */
  async readPod(id: string, signal: AbortSignal): Promise<unknown> {
    const path = `/v2/pods${encodePath(id)}::status`;
    const answer = await this.#ask(signal, (master) => this.#getUnless(isUnknownPod, master, path, signal));
    return answer?.value;
  }

  /** Like {@link readDefinition}. */
  async readPodDefinition(id: string, version: string, signal: AbortSignal): Promise<unknown> {
    // As `specReference` writes it: with the colons of the time as they are.
    const path = `/v2/pods${encodePath(id)}::versions/${encodeURIComponent(version).replaceAll('%3A', ':')}`;
    const answer = await this.#ask(signal, (master) => this.#getUnless(isPruned, master, path, signal));
    return answer === undefined ? null : answer.value;
  }

  /** `host:port` of the leader as one master announces it; absent when it cannot or may not say. */
  async readLeader(master: Master, signal: AbortSignal): Promise<string | undefined> {
    try {
      const { value } = await this.#get(master, '/v2/leader', signal);
      return isObject(value) ? textOf(value.leader)?.toLowerCase() : undefined;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }

  /** @throws {SourceError} when this master does not answer as a Marathon. */
  async checkMaster(master: Master): Promise<void> {
    try {
      const { value } = await this.#get(master, '/v2/info', this.#signal);
      if (!isObject(value) || textOf(value.version) === undefined) {
        throw badAnswer(`${master.url}/v2/info`, 'it is not that of a Marathon');
      }
    } catch (error) {
      throw error instanceof RefusedAnswer ? error.toSourceError() : error;
    }
  }

  async #readAppList(path: string, signal: AbortSignal): Promise<readonly unknown[]> {
    return await this.#ask(signal, async (master) => {
      const { value, url } = await this.#get(master, path, signal);
      if (!isObject(value) || !Array.isArray(value.apps)) throw badAnswer(url, 'it has no array "apps"');
      return arrayOf(value.apps);
    });
  }

  async #ask<Value>(signal: AbortSignal, ask: (master: Master) => Promise<Value>): Promise<Value> {
    return await this.masters.firstAnswer(this.masters.ordered(), ask, signal);
  }

  async #get(master: Master, path: string, signal: AbortSignal): Promise<LocatedAnswer> {
    const timeoutMs = this.#options.requestTimeoutMs;
    const answer = await getJson({ agent: this.agent, master, path, timeoutMs, signal });
    this.masters.noteAnswer(master, answer.leader);
    return { ...answer, url: `${master.url}${path.replace(/\?.*$/, '')}` };
  }

  /** @returns undefined for a refusal that is a fact */
  async #getUnless(
    isFact: (answer: FailedAnswer) => boolean,
    master: Master,
    path: string,
    signal: AbortSignal,
  ): Promise<LocatedAnswer | undefined> {
    try {
      return await this.#get(master, path, signal);
    } catch (error) {
      if (error instanceof RefusedAnswer && isFact(error.answer)) return undefined;
      throw error;
    }
  }

  #selected(path: string): string {
    const { label } = this.#options;
    return label === undefined ? path : `${path}&label=${encodeURIComponent(label)}`;
  }
}

/** Only Marathon's own words count: a 404 of a proxy, or of a wrong path, says nothing about the app. */
function isUnknownApp(answer: FailedAnswer): boolean {
  return saysUnknown(answer, 'App');
}

function isUnknownPod(answer: FailedAnswer): boolean {
  return saysUnknown(answer, 'Pod');
}

function saysUnknown(answer: FailedAnswer, kind: string): boolean {
  if (answer.status !== 404 || !/json/i.test(answer.contentType)) return false;
  return new RegExp(`^${kind} '.*' does not exist`).test(explanationOf(answer));
}

/** The route does not exist before 1.4; whether it is 404 or 405 depends on what else is served below `/v2`. */
function isWithoutPods({ status }: FailedAnswer): boolean {
  return status === 403 || status === 404 || status === 405;
}

/** Marathon no longer has this version. */
function isPruned({ status }: FailedAnswer): boolean {
  return status === 404 || status === 422;
}

/** Ids consist of letters, digits, hyphens and dots; an event could still name something else. */
function encodePath(id: string): string {
  return id.split('/').map(encodeURIComponent).join('/');
}
