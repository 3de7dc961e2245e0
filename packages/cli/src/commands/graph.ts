import { ConfigProblemsError } from '../config/problems.ts';
import { readFrame } from '../config/read-frame.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import { edgesOf, nodesOf, type PipelineGraph, toPipelineGraph } from '../graph/pipeline-graph.ts';
import { renderDot, renderMermaid } from '../graph/render-diagram.ts';
import { renderGraphText } from '../graph/render-text.ts';
import type { Invocation } from '../invocation.ts';

export interface GraphOptions {
  readonly format: string;
}

/** Loads no plugin and needs no secret: only the frame of the file is looked at. */
export async function execute(invocation: Invocation, { format }: GraphOptions): Promise<ExitCode> {
  const render = renderers[format];
  if (render === undefined) {
    throw new UsageError(`there is no format "${format}"`, `known formats: ${Object.keys(renderers).join(', ')}`);
  }
  const { host, configPath } = invocation;
  const { environment, workingDirectory } = host;
  const { frame, problems } = await readFrame(configPath, { environment, workingDirectory, standIns: true });
  if (frame === undefined || problems.count > 0) throw new ConfigProblemsError(problems.list());
  const graph = toPipelineGraph(frame);
  if (invocation.json) invocation.print(JSON.stringify({ nodes: nodesOf(graph), edges: edgesOf(graph) }, undefined, 2));
  else invocation.print(render(graph, invocation));
  return exitCodes.ok;
}

const renderers: Readonly<Record<string, (graph: PipelineGraph, invocation: Invocation) => string>> = {
  text: (graph, { colors }) => renderGraphText(graph, colors),
  dot: renderDot,
  mermaid: renderMermaid,
};
