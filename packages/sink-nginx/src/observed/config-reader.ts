import type { ConfigReader } from '@signalbox/sink-kit';
import { isOwnConfig } from '../render/config.ts';

export const configReader: ConfigReader = {
  isOwn: isOwnConfig,
  listParts(text) {
    const names = text.matchAll(/^[ \t]*(?:server_name|include)[ \t]+([^;#]+);/gm);
    return [...new Set([...names].map(([, name]) => (name ?? '').trim()))];
  },
  parts: 'servers',
};
