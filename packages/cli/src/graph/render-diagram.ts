import { printable } from '../output/text.ts';
import { edgesOf, type GraphNode, nodesOf, type PipelineGraph } from './pipeline-graph.ts';

/** For Graphviz. Nodes have generated names, so that no text of the file is ever read as part of the language. */
export function renderDot(graph: PipelineGraph): string {
  const names = nameNodes(graph);
  const shapes = { source: 'cds', transform: 'box', catalog: 'cylinder', sink: 'component' };
  return [
    'digraph signalbox {',
    '  rankdir=LR;',
    '  node [fontname="sans-serif"];',
    ...nodesOf(graph).map(
      (node) =>
        `  ${names.get(node.point)} [shape=${shapes[node.kind]}, label="${toLines(node).map(escapeDot).join('\\n')}"];`,
    ),
    ...edgesOf(graph).map(({ from, to }) => `  ${names.get(from)} -> ${names.get(to)};`),
    '}',
  ].join('\n');
}

/** For Markdown pages that draw Mermaid. */
export function renderMermaid(graph: PipelineGraph): string {
  const names = nameNodes(graph);
  const brackets = { source: ['>', ']'], transform: ['[', ']'], catalog: ['[(', ')]'], sink: ['[[', ']]'] } as const;
  return [
    'flowchart LR',
    ...nodesOf(graph).map((node) => {
      const [open, close] = brackets[node.kind];
      return `  ${names.get(node.point)}${open}"${toLines(node).map(escapeMermaid).join('<br/>')}"${close}`;
    }),
    ...edgesOf(graph).map(({ from, to }) => `  ${names.get(from)} --> ${names.get(to)}`),
  ].join('\n');
}

function nameNodes(graph: PipelineGraph): ReadonlyMap<string, string> {
  return new Map(nodesOf(graph).map(({ point }, index) => [point, `n${index}`]));
}

function toLines({ point, type, detail }: GraphNode): readonly string[] {
  return [point, type, detail].flatMap((line) => (line === undefined ? [] : [printable(line)]));
}

/** Within a quoted string of the DOT language a backslash begins an escape such as `\N`. */
function escapeDot(text: string): string {
  return text.replace(/[\\"]/g, '\\$&');
}

/** Mermaid knows characters by `#`, their number and a semicolon; a quoted text may hold HTML and, between backquotes, Markdown. */
function escapeMermaid(text: string): string {
  return text.replace(/[^\w ./:[\],-]/gu, (character) => `#${character.codePointAt(0)};`);
}
