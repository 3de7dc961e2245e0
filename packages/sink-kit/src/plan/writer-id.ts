/** Tells what this sink wrote from what others did, an earlier run of this process's id included. Short, since it stands in every revision. */
export function createWriterId(): string {
  return `${process.pid.toString(36)}${Math.floor(Math.random() * 36 ** 6).toString(36)}`;
}
