import { ConfigError } from '@signalbox/core';
import type { PortRange } from './desired/model.ts';

/** `net.ipv4.ip_local_port_range` of Linux, unless somebody changed it: a start fails when an outgoing connection holds one of the ports. */
const ephemeralPorts: PortRange = { from: 32_768, to: 60_999 };

/** Each takes a file descriptor and 1.7 KiB; 5,000 reload in a quarter of a second. */
const mostPorts = 10_000;

interface PortSettings {
  readonly portRanges: readonly PortRange[];
  readonly listeners: readonly { readonly port: number }[];
}

/** @throws {ConfigError} CONFIG_INVALID */
export function assertPortRanges({ portRanges, listeners }: PortSettings): void {
  let count = 0;
  for (const [index, range] of portRanges.entries()) {
    const text = `the port range ${range.from} to ${range.to}`;
    if (range.from > range.to) throw invalid(`${text} ends before it begins`, 'write the lower port as `from`');
    if (overlap(range, ephemeralPorts)) {
      throw invalid(
        `${text} reaches into ${ephemeralPorts.from} to ${ephemeralPorts.to}, where Linux takes the ports of outgoing connections`,
        `end it below ${ephemeralPorts.from}, or begin it above ${ephemeralPorts.to}`,
      );
    }
    const other = portRanges.find((one, place) => place < index && overlap(one, range));
    if (other !== undefined) throw invalid(`${text} overlaps ${other.from} to ${other.to}`, 'make them one range');
    const listener = listeners.find(({ port }) => overlap(range, { from: port, to: port }));
    if (listener !== undefined) {
      throw invalid(`${text} holds port ${listener.port} of a listener`, 'split the range around that port');
    }
    count += range.to - range.from + 1;
  }
  if (count > mostPorts) {
    throw invalid(
      `the port ranges hold ${count} ports, and at most ${mostPorts} are bound from the start`,
      'make them smaller',
    );
  }
}

function overlap(left: PortRange, right: PortRange): boolean {
  return left.from <= right.to && right.from <= left.to;
}

function invalid(message: string, hint: string): ConfigError {
  return new ConfigError(message, { code: 'CONFIG_INVALID', hint });
}
