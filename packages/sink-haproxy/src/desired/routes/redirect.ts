import type { Redirect } from '@signalbox/core';
import { checkRedirect } from '@signalbox/sink-kit';
import * as safe from '../../render/escape.ts';
import type { FilterPart } from './filter.ts';

/** `?` and the query, or nothing. */
const query = '%[var(txn.query)]';

/**
 * What is not given stays as the request has it. Without a scheme the location is relative to that of the client, which only it knows when TLS
 * ends in front of HAProxy.
 */
export function describeRedirect(redirect: Redirect | undefined): FilterPart {
  if (redirect === undefined) return { rules: [] };
  const checked = checkRedirect(redirect);
  if ('problem' in checked) return checked;
  const { scheme, hostname, port, keepsPort, path, status } = checked;
  const target = path === undefined ? '%[pathq]' : `${path.replaceAll('%', '%%')}${query}`;
  const prepare = path === undefined ? [] : [{ action: "http-request set-var(txn.query) 'pathq,regsub(^[^?]*,)'" }];
  const to = (origin: string): string =>
    `http-request redirect location ${safe.quoted(`${origin}${target}`)} code ${status}`;

  if (keepsPort && hostname === undefined) return { rules: [...prepare, { action: to('') }] };
  const before = `${scheme === undefined ? '' : `${scheme}:`}//${hostname ?? '%[req.hdr(host),host_only]'}`;
  if (keepsPort) {
    const hasPort = '{ req.hdr(host),port_only -m int gt 0 }';
    const withPort = { action: to(`${before}:%[req.hdr(host),port_only]`), condition: hasPort };
    return { rules: [...prepare, withPort, { action: to(before) }] };
  }
  if (redirect.port !== undefined) {
    return { rules: [...prepare, { action: to(port === undefined ? before : `${before}:${port}`) }] };
  }
  if (hostname !== undefined || path !== undefined) return { rules: [...prepare, { action: to(before) }] };
  // Nothing but the scheme changes: a request that came by it would be redirected for ever.
  const isHttps = '{ req.fhdr(x-forwarded-proto) -m str -i https }';
  return { rules: [{ action: to(before), condition: scheme === 'https' ? `!${isHttps}` : isHttps }] };
}
