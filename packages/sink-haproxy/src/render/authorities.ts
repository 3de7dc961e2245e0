import { verification } from '../desired/endpoint-tls.ts';
import type { Desired } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import { section } from './section.ts';

/**
 * HAProxy reads a file of authorities with its configuration only, and then refuses it to a server that is added at runtime ("unable to load",
 * 2.6 to 3.2). So one server refers to it that takes no traffic.
 */
export function renderAuthorities({ backends }: Desired, settings: Settings): readonly string[] {
  const words = verification(settings);
  for (const { serverSettings } of backends.values()) {
    if (!serverSettings.includes(words)) continue;
    return [section('backend s_authorities from d_tcp', [`server none 127.0.0.1:1 disabled ssl ${words}`])];
  }
  return [];
}
