import type { BasicAuth } from '@signalbox/core';

export interface CheckedBasicAuth {
  /** Printable ASCII without quotes and backslashes. */
  readonly realm: string;
  /** Hashes of crypt(3) by user name, in the order of names. */
  readonly users: ReadonlyMap<string, string>;
}

const mostUsers = 256;

/** Hashes of crypt(3) that libxcrypt and glibc know. A proxy's own check takes any text, and one that crypt does not know lets nobody in. */
const hashes = [
  /^\$1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}$/,
  /^\$5\$(rounds=\d{1,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{43}$/,
  /^\$6\$(rounds=\d{1,9}\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}$/,
  /^\$2[abxy]\$\d\d\$[./0-9A-Za-z]{53}$/,
  /^\$g?y\$[./0-9A-Za-z]{1,32}\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}$/,
];

/** No problem says anything of a user's entry but its place in the list: a password may stand where a hash should. */
export function checkBasicAuth({ realm, users }: BasicAuth): CheckedBasicAuth | { readonly problem: string } {
  if (users.length === 0) return { problem: 'its authentication has no users' };
  if (users.length > mostUsers) return { problem: `its authentication has more than ${mostUsers} users` };
  if (realm !== undefined && !/^[ !#-[\]-~]{1,128}$/.test(realm)) {
    return {
      problem:
        'the realm of its authentication is not 1 to 128 printable ASCII characters without quotes and backslashes',
    };
  }
  const entries = new Map<string, string>();
  for (const [index, user] of users.entries()) {
    const place = `user ${index + 1} of its authentication`;
    const colon = user.indexOf(':');
    const name = user.slice(0, colon);
    const hash = user.slice(colon + 1);
    if (colon < 1) return { problem: `${place} is not a name, a colon and a hash` };
    if (!/^[A-Za-z0-9._@+-]{1,64}$/.test(name)) return { problem: `the name of ${place} is unusable` };
    if (!hashes.some((pattern) => pattern.test(hash))) {
      return { problem: `the password of ${place} is no hash of crypt(3), as \`openssl passwd -6\` makes them` };
    }
    if (entries.has(name)) return { problem: `the name of ${place} occurs twice` };
    entries.set(name, hash);
  }
  return {
    realm: realm ?? 'restricted',
    users: new Map([...entries].sort(([left], [right]) => (left < right ? -1 : 1))),
  };
}
