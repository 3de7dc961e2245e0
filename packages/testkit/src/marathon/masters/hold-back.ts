import { Transform } from 'node:stream';

/** The buffer of a servlet's answer (Jetty's `outputBufferSize`). */
const bufferBytes = 32 * 1024;

/** Passes bytes on when a buffer is full, and what is left at the end. */
export function createHoldBack(): Transform {
  let held: Buffer[] = [];
  let heldBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes < bufferBytes) {
        done();
        return;
      }
      const full = Buffer.concat(held);
      held = [];
      heldBytes = 0;
      done(null, full);
    },
    flush: (done) => done(null, Buffer.concat(held)),
  });
}
