import type { HttpDialect } from '../dialects/dialect.ts';
import { answerMessage, type RestAnswer } from './answer.ts';

/** 500, and not 404, since 1.6 (MS/api/MarathonExceptionMapper.scala). */
export function answerUnknownRoute(http: HttpDialect, path: string): RestAnswer {
  return http.unknownRoute === 500 ? answerMessage(500, 'URI not found') : answerMessage(404, `URI not found: ${path}`);
}
