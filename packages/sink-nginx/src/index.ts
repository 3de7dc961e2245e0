export { nginx, nginx as default } from './nginx.ts';
export type { ListenerOptions, ManageOptions, NginxMode, NginxOptions, ReloadOptions } from './options.ts';
