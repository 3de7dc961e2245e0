import type { BasicAuth } from '@signalbox/core';
import { checkBasicAuth, sha256 } from '@signalbox/sink-kit';
import * as safe from '../../render/escape.ts';
import type { FilterRule, Userlist } from '../model.ts';

export type Authentication = { readonly userlist: Userlist; readonly rule: FilterRule } | { readonly problem: string };

export function describeBasicAuth(auth: BasicAuth): Authentication {
  const checked = checkBasicAuth(auth);
  if ('problem' in checked) return checked;
  const { realm, users } = checked;
  const lines = [...users].map(([name, hash]) => `user ${safe.quoted(name)} password ${safe.quoted(hash)}`).sort();
  const name = `u_${sha256(lines.join('\n')).slice(0, 12)}`;
  // Always with a realm: else HAProxy tells clients the name of its section.
  const action = `http-request auth realm ${safe.quoted(realm)}`;
  return { userlist: { name, lines }, rule: { action, condition: `!{ http_auth(${name}) }` } };
}
