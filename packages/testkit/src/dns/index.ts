export type { FakeDns, Respond } from './fake-dns.ts';
export { cutOffReply, framed, reply, startFakeDns } from './fake-dns.ts';
