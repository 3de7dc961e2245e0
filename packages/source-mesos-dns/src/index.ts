export { mesosDns, mesosDns as default } from './mesos-dns.ts';
export type { MesosDnsAuthOptions, MesosDnsBasicAuth, MesosDnsOptions, MesosDnsTlsOptions } from './options.ts';
