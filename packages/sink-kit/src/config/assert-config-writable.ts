import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SinkError } from '@signalbox/core';

/**
 * A folder that is missing is made when the file is written, so that the one in which it would be counts. `configFile` is the usual name of the
 * file, for the hint.
 *
 * @throws {SinkError} SINK_REFUSED when there is no way to write it.
 */
export async function assertConfigWritable(path: string, configFile: string): Promise<void> {
  const folder = await findFolder(dirname(path));
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const whose =
      folder === dirname(path) ? 'of the configuration' : `in which ${JSON.stringify(dirname(path))} would be`;
    throw new SinkError(`the folder ${JSON.stringify(folder)} ${whose} cannot be written`, {
      code: 'SINK_REFUSED',
      cause: error,
      hint: 'give it to the user that runs Signalbox',
    });
  }
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() === true) {
    throw new SinkError(`the configuration ${JSON.stringify(path)} is a folder`, {
      code: 'SINK_REFUSED',
      hint: `set \`config\` to the path of a file, for example ${configFile} in that folder`,
    });
  }
}

/** The nearest one that is there. */
async function findFolder(path: string): Promise<string> {
  try {
    await access(path, constants.F_OK);
    return path;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing && path !== dirname(path) ? findFolder(dirname(path)) : path;
  }
}
