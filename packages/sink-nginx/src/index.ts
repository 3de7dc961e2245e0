export { nginx, nginx as default } from './nginx.ts';
export type {
  CertificateOptions,
  EndpointTlsOptions,
  ListenerOptions,
  ListenerTlsOptions,
  ManageOptions,
  NginxMode,
  NginxOptions,
  ReloadOptions,
} from './options.ts';
