import { defineSink, type SinkPlugin } from '@signalbox/core';
import { createHaproxySink } from './create-sink.ts';
import { type HaproxyOptions, haproxyOptions } from './options.ts';
import { toSettings } from './settings.ts';

/** Keeps HAProxy in step: endpoints and routes by its Runtime API, backends and ports by hitless reloads. */
export const haproxy: SinkPlugin<HaproxyOptions> = defineSink({
  type: 'haproxy',
  description: 'Keeps HAProxy in step, by its Runtime API and by hitless reloads.',
  options: haproxyOptions,
  create: (options) => createHaproxySink(toSettings(options)),
});
