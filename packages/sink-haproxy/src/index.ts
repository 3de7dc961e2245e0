export type { HaproxyExtension } from './desired/extension.ts';
export { haproxy, haproxy as default } from './haproxy.ts';
export type {
  CertificateOptions,
  EndpointTlsOptions,
  HaproxyOptions,
  ListenerOptions,
  ListenerTlsOptions,
  ManageOptions,
  PortRangeOptions,
  ReloadOptions,
  RetryCause,
} from './options.ts';
