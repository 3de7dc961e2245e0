import type { Endpoint, Service } from '@signalbox/core';

/**
 * Reads lines of `name port address:port …`; `#` begins a comment.
 * @throws what is wrong with the text, with the number of the line.
 */
export function parseHosts(text: string, sourceId: string): readonly Service[] {
  // A writer that truncates the file first is seen at work: half a text must not pass for a smaller one.
  if (!text.endsWith('\n')) throw new Error('it does not end with a line break, so it may not be complete');
  return text.split('\n').flatMap((line, index) => {
    const words = line.replace(/#.*/, '').split(/\s+/).filter(Boolean);
    const [name, port, ...addresses] = words;
    if (name === undefined) return [];
    const subject = `line ${index + 1}`;
    return {
      id: `${sourceId}:${name}#0`,
      name,
      protocol: 'tcp',
      port: parsePort(port, subject),
      endpoints: addresses.map((address) => parseEndpoint(address, subject)),
      labels: {},
    };
  });
}

function parseEndpoint(text: string, subject: string): Endpoint {
  const [, ipv6, other, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):(\d+)$/.exec(text) ?? [];
  const address = ipv6 ?? other;
  if (address === undefined) throw new Error(`"${text}" in ${subject} is not address:port`);
  return { id: text, address, port: parsePort(port, subject), health: 'unknown' };
}

function parsePort(text: string | undefined, subject: string): number {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new Error(`"${text ?? ''}" in ${subject} is not a port`);
  return port;
}
