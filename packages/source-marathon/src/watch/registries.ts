import type { Service, Snapshot } from '@signalbox/core';
import { appKind } from '../mapping/app-kind.ts';
import { podKind } from '../pods/pod-kind.ts';
import { Registry, type RegistryOptions } from './registry.ts';

/** How often a Marathon that has no pods, or shows none to us, is asked for them again. */
const podsAgainAfterMs = 600_000;

/** Apps and pods together. Their ids never clash: both live in one tree of groups. */
export class Registries {
  readonly apps: Registry<Parameters<typeof appKind.map>[0], ReturnType<typeof appKind.parseDefinition>>;
  readonly pods: Registry<Parameters<typeof podKind.map>[0], ReturnType<typeof podKind.parseDefinition>>;
  readonly #now: () => number;
  #askPodsAtMs = Number.NEGATIVE_INFINITY;
  #showsPods = false;
  #services:
    | { readonly apps: readonly Service[]; readonly pods: readonly Service[]; readonly all: Service[] }
    | undefined;

  constructor(options: RegistryOptions) {
    this.apps = new Registry(appKind, options);
    this.pods = new Registry(podKind, options);
    this.#now = options.now;
  }

  get changed(): boolean {
    return this.apps.changed || this.pods.changed;
  }

  get reviewAtMs(): number {
    return Math.min(this.apps.reviewAtMs, this.pods.reviewAtMs);
  }

  /** Whether Marathon has pods and shows them to us, as of the last time that all of them were asked for. */
  get showsPods(): boolean {
    return this.#showsPods;
  }

  /** Whether it is worth a request to ask for all pods. */
  get mayShowPods(): boolean {
    return this.#showsPods || this.#now() >= this.#askPodsAtMs;
  }

  notePods(shown: boolean): void {
    this.#showsPods = shown;
    if (!shown) this.#askPodsAtMs = this.#now() + podsAgainAfterMs;
  }

  review(): void {
    this.apps.review();
    this.pods.review();
  }

  /** Apps first, then pods. */
  snapshot(): Snapshot {
    const apps = this.apps.snapshot();
    const pods = this.pods.snapshot();
    const intended = pods.intended.size === 0 ? apps.intended : new Set([...apps.intended, ...pods.intended]);
    return { services: this.#join(apps.services, pods.services), intended };
  }

  #join(apps: readonly Service[], pods: readonly Service[]): readonly Service[] {
    if (pods.length === 0) return apps;
    if (this.#services?.apps !== apps || this.#services.pods !== pods) {
      this.#services = { apps, pods, all: [...apps, ...pods] };
    }
    return this.#services.all;
  }
}
