export type { Authority, Issued, IssueOptions } from './authority.ts';
export { createAuthority } from './authority.ts';
export type { Handshake, TlsAnswer, TlsRequestOptions } from './client.ts';
export { openTls, requestTls, shakeHands } from './client.ts';
export type { TlsLoad, TlsLoadOptions, TlsLoadReport } from './load.ts';
export { startTlsLoad } from './load.ts';
export { startTlsOrigin, type TlsOrigin } from './origin.ts';
export { putFile } from './put-file.ts';
