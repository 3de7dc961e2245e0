import type { PortRange } from './model.ts';

export function isInRange(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(({ from, to }) => port >= from && port <= to);
}

/** The same without single ports, each of which may cut a range in two. */
export function withoutPorts(ranges: readonly PortRange[], ports: ReadonlySet<number>): readonly PortRange[] {
  const left: PortRange[] = [];
  for (const range of ranges) {
    let { from } = range;
    for (const port of [...ports].filter((one) => isInRange([range], one)).sort((one, other) => one - other)) {
      if (port > from) left.push({ from, to: port - 1 });
      from = port + 1;
    }
    if (from <= range.to) left.push({ from, to: range.to });
  }
  return left;
}

export function* portsIn(ranges: readonly PortRange[]): Generator<number> {
  for (const { from, to } of ranges) for (let port = from; port <= to; port += 1) yield port;
}
