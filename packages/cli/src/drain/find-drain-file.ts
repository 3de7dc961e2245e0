import { resolve } from 'node:path';
import { findPluginPlaces, typeAt } from '../config/plugins.ts';
import { ConfigProblemsError } from '../config/problems.ts';
import { readFrame } from '../config/read-frame.ts';
import { type ConfigNode, formatPath, locate, type Path } from '../config/tree.ts';
import { UsageError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';

/** A drain transform of the configuration file. */
export interface DrainPlace {
  /** As the other commands call it, e.g. `transforms[0]`. */
  readonly place: string;
  readonly path: Path;
  /** The file with the drains, absolute. */
  readonly file: string;
  /** Whether the configuration names it relative to the working directory, which may be another one for `signalbox run`. */
  readonly isRelative: boolean;
}

/**
 * Finds the file with the drains in the configuration. Loads no plugin and needs no secret: whoever drains an agent may be another user
 * than the one that runs Signalbox.
 *
 * @throws {UsageError} when there is no drain transform, or several and none was chosen
 */
export async function findDrainFile({ host, configPath }: Invocation, chosen?: string): Promise<DrainPlace> {
  const { environment, workingDirectory } = host;
  const { tree, frame, problems } = await readFrame(configPath, { environment, workingDirectory, standIns: true });
  if (frame === undefined || problems.count > 0) throw new ConfigProblemsError(problems.list());
  const places = [...findPluginPlaces(tree)]
    .filter((place) => place.kind === 'transform' && typeAt(place) === 'drain')
    .map(({ path }) => ({ path, place: formatPath(path) }));
  const names = places.map(({ place }) => place).join(', ');
  if (places.length === 0) {
    throw new UsageError(
      `${configPath} has no drain transform, so nothing would read the drains`,
      'add "{ type: drain, options: { file: /etc/signalbox/drains.yaml } }" to its transforms',
    );
  }
  const [found, another] = places.filter(({ place }) => chosen === undefined || place === chosen);
  if (found === undefined) throw new UsageError(`there is no drain transform at "${chosen}"`, `there is ${names}`);
  if (another !== undefined) {
    throw new UsageError(`${configPath} has several drain transforms`, `choose one with --transform: ${names}`);
  }
  const written = readFileOption(tree, found.path);
  const file = resolve(workingDirectory, written);
  return { ...found, file, isRelative: file !== written };
}

function readFileOption(tree: ConfigNode, path: Path): string {
  const { node, missing } = locate(tree, [...path, 'options', 'file']);
  const shown = `${formatPath(path)}.options.file`;
  const scalar = missing.length === 0 && node.kind === 'scalar' ? node : undefined;
  if (scalar?.standIn === true) {
    throw new UsageError(`${shown} refers to what is not set here`, 'set the variable as it is for "signalbox run"');
  }
  if (typeof scalar?.value === 'string' && scalar.value !== '') return scalar.value;
  throw new UsageError(`${shown} names no file`, '"signalbox check" tells more');
}
