import { SimulatorError } from '../error.ts';

/** A request as the routes see it: the path without the prefix, and the body read. */
export interface RestRequest {
  readonly method: string;
  /** Decoded, starting with `/`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly clientIp: string;
  readonly accept: string;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: string;
}

export function answerJson(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): RestAnswer {
  return { status, headers, contentType: 'application/json', body: JSON.stringify(value) };
}

export function answerMessage(status: number, message: string): RestAnswer {
  return answerJson(status, { message });
}

/** Jetty's error page. */
export function answerHtml(status: number, reason: string, path: string): RestAnswer {
  const body =
    `<html>\n<head>\n<title>Error ${status} ${reason}</title>\n</head>\n<body><h2>HTTP ERROR ${status}</h2>\n` +
    `<p>Problem accessing ${path}. Reason:\n<pre>    ${reason}</pre></p></body>\n</html>\n`;
  return { status, contentType: 'text/html;charset=iso-8859-1', body };
}

/** What Marathon answers for a request that cannot be granted (MS/api/MarathonExceptionMapper.scala, MS/api/RestResource.scala). */
export function answerError(error: SimulatorError): RestAnswer {
  switch (error.code) {
    case 'APP_UNKNOWN':
    case 'TASK_UNKNOWN':
    case 'POD_UNKNOWN':
    case 'AGENT_UNKNOWN':
      return answerMessage(404, error.message);
    case 'APP_EXISTS':
      return answerMessage(409, error.message);
    case 'APP_LOCKED':
      return answerJson(409, { message: error.message, deployments: error.deployments.map((id) => ({ id })) });
    case 'DEFINITION_INVALID':
      return answerJson(422, {
        message: error.message,
        ...(error.problems.length > 0 ? { details: error.problems } : {}),
      });
    case 'REQUEST_INVALID':
      return answerMessage(400, error.message);
    case 'NOT_SETTLED':
      return answerMessage(503, error.message);
  }
}

/** The JSON object in a request body. */
export function parseBody(request: RestRequest): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(request.body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below, as for a body of another kind.
  }
  throw new SimulatorError('REQUEST_INVALID', 'Invalid JSON');
}
