import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { UsageError } from '../exit-codes.ts';

/**
 * Paths of the scenario files of a configuration file: `signalbox.test.yaml` for `signalbox.yaml`, and every YAML file in the folder
 * `tests` beside it.
 */
export async function findScenarioFiles(configFile: string): Promise<readonly string[]> {
  const { name, dir } = parse(configFile);
  const beside = [`${name}.test.yaml`, `${name}.test.yml`]
    .map((file) => join(dir, file))
    .filter((file) => existsSync(file));
  const folder = join(dirname(configFile), 'tests');
  const names = await readdir(folder).catch(() => []);
  const inFolder = names.filter((each) => /\.ya?ml$/.test(each)).sort();
  const files = [...beside, ...inFolder.map((each) => join(folder, each))];
  if (files.length > 0) return files;
  throw new UsageError(
    `there is neither ${name}.test.yaml nor tests/*.yaml beside the configuration file`,
    'write one, or name a file; "signalbox test --schema" says what goes in',
  );
}
