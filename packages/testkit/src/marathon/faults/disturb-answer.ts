import { answerHtml, answerJson, type RestAnswer } from '../rest/answer.ts';
import type { FaultBoard } from './fault-board.ts';

export interface DisturbedAnswer {
  readonly answer: RestAnswer;
  /** Send only the first half of the body, and break the connection after it. */
  readonly breaksOff: boolean;
}

/** What a node with faults answers in place of this. */
export function disturbAnswer(faults: FaultBoard, path: string, answer: RestAnswer): DisturbedAnswer {
  const status = faults.get('status');
  if (status !== undefined) {
    const message = 'The simulator was told to answer so';
    return {
      answer:
        status.body === 'json' ? answerJson(status.status, { message }) : answerHtml(status.status, message, path),
      breaksOff: false,
    };
  }
  if (faults.get('empty-object') !== undefined) return { answer: answerJson(200, {}), breaksOff: false };
  if (faults.get('empty-apps') !== undefined && path === '/v2/apps') {
    return { answer: answerJson(200, { apps: [] }), breaksOff: false };
  }
  const truncated = faults.get('truncated');
  if (truncated === undefined) return { answer, breaksOff: false };
  if (truncated.connection === 'destroyed') return { answer, breaksOff: true };
  return { answer: { ...answer, body: answer.body.slice(0, answer.body.length / 2) }, breaksOff: false };
}
