export type { HaproxyExtension } from './desired/extension.ts';
export { haproxy, haproxy as default } from './haproxy.ts';
export type {
  CertificateOptions,
  ClientCertificateOptions,
  EndpointTlsOptions,
  HaproxyOptions,
  ListenerOptions,
  ManageOptions,
  PortRangeOptions,
  ReloadOptions,
  RetryCause,
  VerifyingTlsOptions,
} from './options.ts';
