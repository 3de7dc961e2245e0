import type { ConfigReader } from '@signalbox/sink-kit';
import { isOwnConfig } from '../render/config.ts';

export const configReader: ConfigReader = {
  isOwn: isOwnConfig,
  listParts(text) {
    const headings = text.matchAll(/^(frontend|listen|backend)[ \t]+([^\s#]+)/gm);
    return [...headings].map(([, kind, name]) => `${kind} ${name}`);
  },
  parts: 'proxies',
};
