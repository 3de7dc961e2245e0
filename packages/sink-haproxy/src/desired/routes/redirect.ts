import type { Redirect } from '@signalbox/core';
import { checkHostname, checkPath, checkPort } from '@signalbox/sink-kit';
import * as safe from '../../render/escape.ts';
import type { FilterPart } from './filter.ts';

const defaultPorts = { http: 80, https: 443 };

/** `?` and the query, or nothing. */
const query = '%[var(txn.query)]';

/**
 * What is not given stays as the request has it. Without a scheme the location is relative to that of the client, which only it knows when TLS
 * ends in front of HAProxy. With a scheme and no port, the port is the scheme's (Gateway API, HTTPRequestRedirectFilter).
 */
export function describeRedirect(redirect: Redirect | undefined): FilterPart {
  if (redirect === undefined) return { rules: [] };
  const { scheme, hostname, port, path, status = 302 } = redirect;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    return { problem: 'a redirect has no such scheme' };
  if (![301, 302, 303, 307, 308].includes(status)) return { problem: 'a redirect has no such status' };
  const host = hostname === undefined ? undefined : checkHostname(hostname);
  if (host?.ok === false) return { problem: `the host name of its redirect is unusable: ${host.reason}` };
  if (host?.value.startsWith('*.')) return { problem: 'the host name of its redirect is a wildcard' };
  const checkedPort = port === undefined ? undefined : checkPort(port);
  if (checkedPort?.ok === false) return { problem: `the port of its redirect is unusable: ${checkedPort.reason}` };
  const checkedPath = path === undefined ? undefined : checkPath(path);
  if (checkedPath?.ok === false) return { problem: `the path of its redirect is unusable: ${checkedPath.reason}` };
  if (checkedPath?.value.startsWith('//')) return { problem: 'the path of its redirect begins with two slashes' };

  const target = checkedPath === undefined ? '%[pathq]' : `${checkedPath.value.replaceAll('%', '%%')}${query}`;
  const prepare =
    checkedPath === undefined ? [] : [{ action: "http-request set-var(txn.query) 'pathq,regsub(^[^?]*,)'" }];
  const to = (origin: string): string =>
    `http-request redirect location ${safe.quoted(`${origin}${target}`)} code ${status}`;

  if (scheme === undefined && host === undefined && checkedPort === undefined) {
    return checkedPath === undefined
      ? { problem: 'its redirect changes nothing' }
      : { rules: [...prepare, { action: to('') }] };
  }
  const before = `${scheme === undefined ? '' : `${scheme}:`}//${host?.value ?? '%[req.hdr(host),host_only]'}`;
  if (checkedPort !== undefined) {
    const isDefault = scheme !== undefined && defaultPorts[scheme] === checkedPort.value;
    return { rules: [...prepare, { action: to(isDefault ? before : `${before}:${checkedPort.value}`) }] };
  }
  if (scheme === undefined) {
    const hasPort = '{ req.hdr(host),port_only -m int gt 0 }';
    const withPort = { action: to(`${before}:%[req.hdr(host),port_only]`), condition: hasPort };
    return { rules: [...prepare, withPort, { action: to(before) }] };
  }
  if (host !== undefined || checkedPath !== undefined) return { rules: [...prepare, { action: to(before) }] };
  // Nothing but the scheme changes: a request that came by it would be redirected for ever.
  const isHttps = '{ req.fhdr(x-forwarded-proto) -m str -i https }';
  return { rules: [{ action: to(before), condition: scheme === 'https' ? `!${isHttps}` : isHttps }] };
}
