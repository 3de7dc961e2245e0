import { resolve } from 'node:path';
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { watchInterrupts } from '../run-once.ts';
import { findScenarioFiles } from '../scenarios/find-files.ts';
import { renderResult, renderSummary, type ScenarioResult, toResult } from '../scenarios/report.ts';
import { runScenario } from '../scenarios/run-scenario.ts';
import { createScenarioSchema, readScenarioFiles, type ScenarioFile } from '../scenarios/scenario-file.ts';

export interface TestOptions {
  readonly files: readonly string[];
  readonly only?: string;
  readonly schema?: boolean;
}

export async function execute(invocation: Invocation, options: TestOptions): Promise<ExitCode> {
  const { configPath, colors, json } = invocation;
  if (options.schema === true) {
    invocation.print(JSON.stringify(createScenarioSchema(), undefined, 2));
    return exitCodes.ok;
  }
  const { workingDirectory } = invocation.host;
  const paths =
    options.files.length > 0 ? options.files : await findScenarioFiles(resolve(workingDirectory, configPath));
  const chosen = chooseScenarios(await readScenarioFiles(paths, workingDirectory), options.only);
  const { signal, stop } = watchInterrupts(invocation);
  const results: ScenarioResult[] = [];
  try {
    for (const { file, index } of chosen) {
      signal.throwIfAborted();
      const scenario = file.scenarios[index];
      if (scenario === undefined) continue;
      const startedAt = performance.now();
      const mismatches = await runScenario({ configPath, workingDirectory, file, scenario, index, signal });
      const result = toResult(file, index, mismatches, performance.now() - startedAt);
      results.push(result);
      if (!json) invocation.print(renderResult(result, invocation));
    }
  } finally {
    stop();
  }
  if (json) invocation.print(JSON.stringify({ scenarios: results }, undefined, 2));
  else invocation.print(`\n${renderSummary(results, colors)}`);
  return results.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.failed;
}

interface ChosenScenario {
  readonly file: ScenarioFile;
  readonly index: number;
}

function chooseScenarios(files: readonly ScenarioFile[], only = '*'): readonly ChosenScenario[] {
  const pattern = only.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const isMeant = new RegExp(`^${pattern.join('.*')}$`, 's');
  const chosen = files.flatMap((file) =>
    file.scenarios.flatMap(({ name }, index) => (isMeant.test(name) ? [{ file, index }] : [])),
  );
  if (chosen.length > 0) return chosen;
  const names = files.flatMap(({ scenarios }) => scenarios.map(({ name }) => `"${name}"`));
  throw new UsageError(`no scenario is called "${only}"`, `there are ${names.join(', ')}; * stands for anything`);
}
