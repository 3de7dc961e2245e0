import type { Redirect } from '@signalbox/core';
import { checkHostname } from '../text/hostname.ts';
import { checkPath } from '../text/path.ts';
import { checkPort } from '../text/port.ts';

/** What is not given stays as the request has it. With a scheme and no port, the port is the scheme's (Gateway API, HTTPRequestRedirectFilter). */
export interface CheckedRedirect {
  readonly scheme: 'http' | 'https' | undefined;
  readonly hostname: string | undefined;
  /** Undefined as well when it is the scheme's own. */
  readonly port: number | undefined;
  /** The port of the request stays: neither a scheme nor a port was given. */
  readonly keepsPort: boolean;
  readonly path: string | undefined;
  readonly status: 301 | 302 | 303 | 307 | 308;
}

const defaultPorts = { http: 80, https: 443 };

export function checkRedirect(redirect: Redirect): CheckedRedirect | { readonly problem: string } {
  const { scheme, hostname, port, path, status = 302 } = redirect;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return { problem: 'a redirect has no such scheme' };
  }
  if (![301, 302, 303, 307, 308].includes(status)) return { problem: 'a redirect has no such status' };
  const host = hostname === undefined ? undefined : checkHostname(hostname);
  if (host?.ok === false) return { problem: `the host name of its redirect is unusable: ${host.reason}` };
  if (host?.value.startsWith('*.')) return { problem: 'the host name of its redirect is a wildcard' };
  const checkedPort = port === undefined ? undefined : checkPort(port);
  if (checkedPort?.ok === false) return { problem: `the port of its redirect is unusable: ${checkedPort.reason}` };
  const checkedPath = path === undefined ? undefined : checkPath(path);
  if (checkedPath?.ok === false) return { problem: `the path of its redirect is unusable: ${checkedPath.reason}` };
  if (checkedPath?.value.startsWith('//')) return { problem: 'the path of its redirect begins with two slashes' };
  if (scheme === undefined && host === undefined && checkedPort === undefined && checkedPath === undefined) {
    return { problem: 'its redirect changes nothing' };
  }
  const isDefaultPort = scheme !== undefined && defaultPorts[scheme] === checkedPort?.value;
  return {
    scheme,
    hostname: host?.value,
    port: isDefaultPort ? undefined : checkedPort?.value,
    keepsPort: scheme === undefined && checkedPort === undefined,
    path: checkedPath?.value,
    status,
  };
}
