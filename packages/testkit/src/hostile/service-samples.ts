import type { Service } from '@signalbox/core';
import { endpoint } from '../data/endpoint.ts';
import { service } from '../data/service.ts';
import { hostileTextSamples } from './text-samples.ts';

/**
 * Services with one hostile text each, in every place that a person upstream can write to. Ids stay unique.
 * Host names, paths and addresses are checked by whoever makes them, but a sink must not rely on that.
 */
export function hostileServiceSamples(): Service[] {
  return hostileTextSamples.flatMap((text, index) => [
    service(text === '' ? 'empty' : text, { id: `hostile:name-${index}#0` }),
    service(`/hostile/id-${index}`, { id: `hostile:${index}-${text}#${text}` }),
    service(`/hostile/label-${index}`, { labels: Object.fromEntries([[text, text]]) }),
    service(`/hostile/metadata-${index}`, { metadata: Object.fromEntries([[text, text]]) }),
    service(`/hostile/host-${index}`, { routes: [{ hostnames: [text] }] }),
    service(`/hostile/path-${index}`, {
      routes: [{ hostnames: [`h${index}.example.com`], path: { type: 'prefix', value: `/${text}` } }],
    }),
    service(`/hostile/endpoint-id-${index}`, { endpoints: [endpoint({ id: text })] }),
    service(`/hostile/address-${index}`, { endpoints: [endpoint({ id: 'x', address: text })] }),
    service(`/hostile/cookie-${index}`, { traffic: { sticky: { cookie: text } } }),
    service(`/hostile/check-${index}`, { healthCheck: { kind: 'http', path: `/${text}` } }),
  ]);
}
