import { sha256 } from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';
import { section } from './section.ts';

/**
 * Where TLS ends when another frontend takes the connection first. `place` tells the loops of a sink apart. An abstract socket (abns, Linux): a file
 * would have to be opened to the user that HAProxy drops its rights to, and would lie outside of a `chroot`.
 */
export function loopAddress({ runDirectory }: Pick<Settings, 'runDirectory'>, place: number | string): string {
  return `abns@signalbox-${sha256(runDirectory).slice(0, 12)}-${place}`;
}

/** The way there; the PROXY protocol says who the client is and which port it came to. */
export function renderLoop(name: string, address: string): string {
  return section(`backend ${name} from d_tcp`, [
    // The frontend behind has the time-outs that count.
    'timeout tunnel 7d',
    `server loop ${address} send-proxy-v2`,
  ]);
}
