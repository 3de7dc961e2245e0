export type { HaproxyExtension } from './desired/extension.ts';
export { haproxy, haproxy as default } from './haproxy.ts';
export type {
  EndpointTlsOptions,
  HaproxyOptions,
  ListenerOptions,
  ManageOptions,
  PortRangeOptions,
  ReloadOptions,
  RetryCause,
} from './options.ts';
export type { CertificateOptions, ListenerTlsOptions } from './tls-options.ts';
