import { sha256 } from '@signalbox/sink-kit';
import type { Desired, RedirectAction, RouteActions, Upstream } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import { block } from './block.ts';
import * as safe from './escape.ts';
import { headerLines } from './http-common.ts';
import { verifyLines } from './stream.ts';
import { forwardedProtoVariable } from './tls.ts';
import { activeServers } from './upstream.ts';

/**
 * Targets that need more than to be passed on have a named location, which leaves the request as it came. A target is the name of an upstream, of
 * such a location, or `empty`.
 */
export interface Locations {
  toTarget(upstream: string, actions?: RouteActions): string;
  names(): readonly string[];
  render(): readonly string[];
}

export function createLocations({ upstreams }: Desired, settings: Settings): Locations {
  const texts = new Map<string, string>();
  return {
    toTarget(name, actions) {
      const upstream = upstreams.get(name);
      const pass = upstream?.protocol !== 'http' || activeServers(upstream).length === 0 ? undefined : upstream;
      if (actions === undefined && pass === undefined) return 'empty';
      const policy = pass === undefined ? [] : policyLines(pass, settings);
      if (actions === undefined && policy.length === 0) return safe.name(name);
      const lines = [...actionLines(actions ?? {}, settings), ...policy, passLine(pass, actions)];
      const location = `l_${sha256(lines.join('\n')).slice(0, 12)}`;
      texts.set(location, block(`location @${location}`, lines));
      return location;
    },
    names: () => [...texts.keys()].sort(),
    render: () => [...texts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, text]) => text),
  };
}

/** Where a service's wishes differ from what holds for all. */
function policyLines({ policy }: Upstream, settings: Settings): readonly string[] {
  const { tls } = policy;
  return [
    policy.connectMs === settings.connectTimeoutMs ? '' : `proxy_connect_timeout ${policy.connectMs}ms;`,
    policy.sendMs === settings.serverTimeoutMs ? '' : `proxy_send_timeout ${policy.sendMs}ms;`,
    policy.readMs === settings.serverTimeoutMs ? '' : `proxy_read_timeout ${policy.readMs}ms;`,
    policy.retries === settings.retries ? '' : `proxy_next_upstream_tries ${policy.retries + 1};`,
    ...(tls === undefined
      ? []
      : [`proxy_ssl_name ${tls.serverName === undefined ? '$host' : safe.quoted(tls.serverName)};`]),
    ...(tls?.verified === true ? verifyLines(settings) : []),
  ].filter((line) => line !== '');
}

function actionLines(actions: RouteActions, settings: Settings): readonly string[] {
  const { deny, redirect, requestHeaders, rewrite, responseHeaders } = actions;
  if (deny === true) return ['return 403;'];
  const lines: string[] = [];
  if (redirect !== undefined) lines.push(...redirectLines(redirect, settings));
  if (requestHeaders !== undefined || rewrite?.hostname !== undefined) {
    lines.push(
      ...headerLines(rewrite?.hostname === undefined ? '$http_host' : safe.quoted(rewrite.hostname), settings),
    );
  }
  for (const name of requestHeaders?.remove ?? []) lines.push(`proxy_set_header ${safe.quoted(name)} "";`);
  for (const { name, value } of requestHeaders?.set ?? []) lines.push(setHeader(name, value));
  for (const { name, value } of requestHeaders?.add ?? []) {
    const isSet = requestHeaders?.set.some((write) => write.name.toLowerCase() === name.toLowerCase());
    const isRemoved = requestHeaders?.remove.some((other) => other.toLowerCase() === name.toLowerCase());
    // What the client sent comes first; nginx leaves out headers without a value.
    if (isSet !== true && isRemoved !== true) {
      lines.push(`proxy_set_header ${safe.quoted(name)} $http_${name.toLowerCase().replaceAll('-', '_')};`);
    }
    lines.push(setHeader(name, value));
  }
  for (const name of [...(responseHeaders?.remove ?? []), ...(responseHeaders?.set ?? []).map((write) => write.name)]) {
    lines.push(`proxy_hide_header ${safe.quoted(name)};`);
  }
  for (const { name, value } of [...(responseHeaders?.set ?? []), ...(responseHeaders?.add ?? [])]) {
    lines.push(`add_header ${safe.quoted(name)} ${safe.quotedWithVariables(value)} always;`);
  }
  if (rewrite?.prefix !== undefined) {
    const { from, to } = rewrite.prefix;
    const rest = to === '' ? '/*(?<signalbox_rest>.*)' : '(?<signalbox_rest>.*)';
    // By name: what `set` takes from `$1` would be encoded a second time.
    lines.push(block(`if ($signalbox_path ~ ${regexWord(`^${safe.regexLiteral(from)}${rest}$`)})`, ['break;']));
  }
  return lines;
}

function setHeader(name: string, value: string): string {
  return `proxy_set_header ${safe.quoted(name)} ${safe.quotedWithVariables(value)};`;
}

/** Without the `~` that marks one in a map. */
function regexWord(pattern: string): string {
  return safe.quotedRegex(pattern).replace('"~', '"');
}

function redirectLines(redirect: RedirectAction, settings: Settings): readonly string[] {
  const { status, scheme, hostname, port, keepsPort, path, origin, onlyScheme } = redirect;
  const target = `${path ?? '$signalbox_path'}$is_args$args`;
  const to = (before: string): string => `return ${status} "${before}${target}";`;
  if (!origin) return [to('')];
  const prefix = `${scheme === undefined ? '' : `${scheme}:`}//${hostname ?? '$host'}`;
  if (onlyScheme) {
    const isHttps = `${forwardedProtoVariable(settings)} ~* "^https$"`;
    const condition = scheme === 'https' ? isHttps.replace('~*', '!~*') : isHttps;
    return [block(`if (${condition})`, [to(prefix)])];
  }
  if (!keepsPort) return [to(port === undefined ? prefix : `${prefix}:${port}`)];
  return [block('if ($http_host ~ ":([0-9]+)$")', [to(`${prefix}:$1`)]), to(prefix)];
}

function passLine(upstream: Upstream | undefined, actions: RouteActions = {}): string {
  if (actions.deny === true) return '';
  if (upstream === undefined) return 'return 503;';
  const { rewrite } = actions;
  const scheme = upstream.policy.tls === undefined ? 'http' : 'https';
  const path =
    rewrite?.path ??
    (rewrite?.prefix === undefined
      ? '$signalbox_path'
      : `${rewrite.prefix.to === '' ? '/' : rewrite.prefix.to}$signalbox_rest`);
  return `proxy_pass ${scheme}://${safe.name(upstream.name)}${path}$is_args$args;`;
}
