export type { HaproxyExtension } from './desired/extension.ts';
export type { RenderingSink } from './haproxy.ts';
export { haproxy, haproxy as default } from './haproxy.ts';
export type { HaproxyOptions, ListenerOptions, ManageOptions, ReloadOptions } from './options.ts';
