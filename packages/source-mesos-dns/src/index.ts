export type { BasicAuthOptions, TlsOptions } from '@signalbox/source-kit';
export { mesosDns, mesosDns as default } from './mesos-dns.ts';
export type { MesosDnsAuthOptions, MesosDnsOptions } from './options.ts';
