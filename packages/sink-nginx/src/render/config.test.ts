import { expect, it } from 'vitest';
import type { Desired } from '../desired/model.ts';
import { nginxOptions } from '../options.ts';
import { toSettings } from '../settings.ts';
import { renderStructure } from './config.ts';

const nothing: Desired = {
  upstreams: new Map(),
  hosts: new Map(),
  ports: { http: new Map(), tcp: new Map(), udp: new Map() },
  certificates: { byName: new Map(), byHost: new Map() },
  passthrough: new Map(),
  warnings: [],
  structureVersion: 1,
};
const settings = toSettings(nginxOptions.parse({ config: '/etc/nginx/nginx.conf' }));
const render = {
  settings,
  mode: 'lua' as const,
  modules: [],
  keepsIdleConnections: false,
  hasHttp2Directive: false,
  hasStubStatus: true,
};

it('idle connections are kept over a reload where nginx can', () => {
  const line = 'keepalive_min_timeout 10s;';
  expect(renderStructure(nothing, render).config).not.toContain(line);
  expect(renderStructure(nothing, { ...render, keepsIdleConnections: true }).config).toContain(line);
});

it('the hash stands in the file, and says what is in it', () => {
  const first = renderStructure(nothing, render);
  expect(first.config).toContain(first.hash);
  expect(renderStructure(nothing, render)).toEqual(first);
  expect(renderStructure(nothing, { ...render, mode: 'reload' }).hash).not.toBe(first.hash);
});
