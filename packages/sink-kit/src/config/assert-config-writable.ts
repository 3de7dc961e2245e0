import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SinkError } from '@signalbox/core';

/** `configFile` is the usual name of the file, for the hint. @throws {SinkError} SINK_REFUSED when there is no way to write it. */
export async function assertConfigWritable(path: string, configFile: string): Promise<void> {
  const folder = dirname(path);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SinkError(`the folder ${JSON.stringify(folder)} of the configuration cannot be written`, {
      code: 'SINK_REFUSED',
      cause: error,
      hint: 'create the folder, and give it to the user that runs Signalbox',
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
