export interface ControlRequest<Simulator> {
  readonly simulator: Simulator;
  /** What stands in the path in place of `<…>`. */
  readonly parameter: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** One line of the control API of a simulator. */
export interface ControlCommand<Simulator> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With one `<parameter>` at most, which may hold slashes. */
  readonly path: string;
  readonly summary: string;
  /** What to give curl after the address of the control API. */
  readonly example: string;
  /** Returns what is answered as JSON. */
  readonly run: (request: ControlRequest<Simulator>) => unknown;
}

/** The request itself is wrong; it is answered with 400 and the message. */
export class ControlRequestError extends Error {
  override readonly name = 'ControlRequestError';
}

/** @throws {ControlRequestError} for everything but a JSON object. */
export function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Reported below, as for a body of another kind.
  }
  throw new ControlRequestError('the body must be a JSON object');
}
