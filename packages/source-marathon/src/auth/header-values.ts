/** DC/OS's own scheme; its router takes `Bearer` as well (`adminrouter/extra/src/lib/auth/common.lua`). */
export function tokenAuthorization(token: string): string {
  return `token=${token}`;
}
