import { createHash } from 'node:crypto';

/** The alphabet of z-base-32. */
const alphabet = 'ybndrfg8ejkmcpqxot1uwisza345h769';
const hashLength = 5;

/** The first five characters of the z-base-32 form of the SHA-1 of a task id. */
export function taskHashOf(taskId: string): string {
  const bits = [...createHash('sha1').update(taskId).digest().subarray(0, 4)]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  return Array.from(
    { length: hashLength },
    (_, index) => alphabet[Number.parseInt(bits.slice(index * 5, index * 5 + 5), 2)],
  ).join('');
}
