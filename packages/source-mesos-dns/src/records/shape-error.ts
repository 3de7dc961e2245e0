export type JsonObject = Readonly<Record<string, unknown>>;

/** An answer is JSON, and not what Mesos-DNS answers. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
