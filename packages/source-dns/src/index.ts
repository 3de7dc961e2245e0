export { dns, dns as default } from './dns.ts';
export type { DnsName, DnsOptions } from './options.ts';
