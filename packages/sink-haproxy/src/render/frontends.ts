import type { Desired } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import * as safe from './escape.ts';
import type { MapPaths } from './files.ts';
import { renderUserlists } from './filters.ts';
import { renderPassthrough } from './passthrough.ts';
import { renderRoutes } from './routes.ts';
import { plainSection, type RenderedSection, section } from './section.ts';
import { renderServicePorts } from './service-ports.ts';

/** Sections that take traffic, and the one that answers when nobody does. */
export function renderFrontends(desired: Desired, settings: Settings, maps: MapPaths): readonly RenderedSection[] {
  const someOfEach = { http: [1], https: [1], tcp: [1], tls: [1], ranges: settings.portRanges };
  const renderSharedListeners = (part: Desired): string =>
    [...renderUserlists(part.filters), renderRoutes(part, settings, maps)].filter((text) => text !== '').join('\n');
  return [
    {
      key: 'ports',
      text: renderServicePorts(desired, settings, maps),
      // Which ports there are is compared one by one.
      compared: renderServicePorts({ ...desired, ports: someOfEach }, settings, maps),
    },
    plainSection('passthrough', (desired.passthrough ? renderPassthrough(settings, maps) : []).join('\n')),
    {
      key: 'routes',
      text: renderSharedListeners(desired),
      // A process that looks up more wildcards than there are does no harm.
      compared: renderSharedListeners({ ...desired, wildcardLabels: [] }),
    },
    plainSection(
      'none',
      section('backend s_none from d_http', [
        // These maps exist at runtime only when something refers to them.
        `http-request set-var(txn.rev) str(rev),map(${maps.meta}) if FALSE`,
        `http-request set-var(txn.rev) str(hash),map(${maps.structure}) if FALSE`,
        `http-request set-var(txn.rev) str(none),map(${maps.spare}) if FALSE`,
        `http-request set-var(txn.rev) str(none),map(${maps.check}) if FALSE`,
        `http-request return status 404 content-type text/plain string ${safe.quoted('no route')}`,
      ]),
    ),
  ];
}
