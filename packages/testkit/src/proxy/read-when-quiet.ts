import { delay } from '@signalbox/core';

/** Reads until two readings in a row are the same: the files of a proxy may follow a runtime change within 250 ms. */
export async function readWhenQuiet(read: () => Promise<string>): Promise<string> {
  for (;;) {
    const before = await read();
    await delay(400);
    if ((await read()) === before) return before;
  }
}
