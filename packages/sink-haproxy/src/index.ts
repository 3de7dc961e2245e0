export type { HaproxyExtension } from './desired/extension.ts';
export { haproxy, haproxy as default } from './haproxy.ts';
export type { HaproxyOptions, ListenerOptions, ManageOptions, ReloadOptions, RetryCause } from './options.ts';
