import type { Colors } from '../output/colors.ts';
import { printable } from '../output/text.ts';
import type { GraphNode, PipelineGraph } from './pipeline-graph.ts';

/** A tree for terminals: sources join from above, sinks branch off below. Every place is called as `tap` calls it. */
export function renderGraphText({ sources, trunk, sinks }: PipelineGraph, colors: Colors): string {
  const show = ({ point, kind, type, detail }: GraphNode): string => {
    const name = kind === 'transform' ? point : colors.bold(point);
    const facts = [type === undefined ? [] : printable(type), detail ?? []].flat().join(', ');
    return facts === '' ? name : `${name}  ${colors.dim(facts)}`;
  };
  const lines: string[] = [];
  for (const [index, [source, ...transforms]] of sources.entries()) {
    if (source !== undefined) lines.push(`${index === 0 ? '┌' : '├'}── ${show(source)}`);
    for (const transform of transforms) lines.push(`│    ▼ ${show(transform)}`);
  }
  for (const node of trunk) lines.push('▼', show(node));
  for (const [index, lane] of sinks.entries()) {
    const isLast = index === sinks.length - 1;
    for (const [position, node] of lane.entries()) {
      const branch = position === 0 ? (isLast ? '└─▶ ' : '├─▶ ') : `${isLast ? ' ' : '│'}   `;
      lines.push(`${branch}${position === 0 ? '' : '▼ '}${show(node)}`);
    }
  }
  return lines.join('\n');
}
