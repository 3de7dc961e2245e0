import type { Desired } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import { block } from './block.ts';
import { certificateLines, certificatesPath } from './certificates.ts';
import * as safe from './escape.ts';
import { commonLines, forwardedProtoMap, headerLines, pathMap, renderControl } from './http-common.ts';
import type { HttpOptions } from './http-lua.ts';
import { serverHeads } from './listeners.ts';
import { createLocations } from './locations.ts';
import { misdirectedMaps } from './passthrough.ts';
import { renderConditions, renderRoutes } from './route-maps.ts';
import { hasTls } from './tls.ts';
import { activeServers, renderUpstream } from './upstream.ts';

/** Everything in the file: one server block, and maps that lead to upstreams or to locations of their own. */
export function renderStaticHttp(desired: Desired, settings: Settings, options: HttpOptions): string {
  const { runDirectory, hash } = options;
  const locations = createLocations(desired, settings);
  const routes = renderRoutes(desired, locations);
  const ports = [...desired.ports.http].map(([port, name]) => `${port} ${locations.toTarget(name)};`);
  const upstreams = [...desired.upstreams.values()]
    .filter((upstream) => upstream.protocol === 'http' && activeServers(upstream).length > 0)
    .map(renderUpstream);
  const heads = serverHeads(desired, settings, {
    ...options,
    certificateLines: (tls) => certificateLines(desired.certificates, tls),
  });
  return block('http', [
    ...commonLines(settings, options),
    ...headerLines('$http_host', settings),
    forwardedProtoMap(desired, settings),
    ...misdirectedMaps(desired),
    hasTls(settings) ? `include ${safe.path(certificatesPath(runDirectory))};` : '',
    ...settings.http,
    block(`geo $${safe.dollarVariable}`, ['default "$";']),
    pathMap,
    ...renderConditions(desired),
    ...routes,
    block('map $server_port $signalbox_target', ['default $signalbox_routed;', ...ports]),
    block('map $signalbox_target $signalbox_location', [
      'default proxy;',
      '"" none;',
      'empty empty;',
      ...locations.names().map((name) => `${name} ${name};`),
    ]),
    ...upstreams,
    ...heads.map((head) =>
      block('server', [
        ...head,
        // The first file never exists; a name with a variable needs one in front of it.
        `root ${safe.path(runDirectory)}/none;`,
        block('location /', ['try_files /none @$signalbox_location;']),
        block('location @proxy', ['proxy_pass http://$signalbox_target$signalbox_path$is_args$args;']),
        block('location @none', ['return 404;']),
        block('location @empty', ['return 503;']),
        ...locations.render(),
      ]),
    ),
    renderControl(options, [
      block('location = /state', [
        'default_type application/json;',
        `return 200 '{"hash":"${safe.name(hash)}","worker":$pid}';`,
      ]),
    ]),
  ]);
}
