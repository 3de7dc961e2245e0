export type { Latencies, LoadReport, TaskShare } from './load-report.ts';
export type { LoadTarget, RequestRecord } from './request-record.ts';
export { isSuccess } from './request-record.ts';
export type { SendOptions } from './send-request.ts';
export { sendRequest } from './send-request.ts';
export type { Load, LoadOptions } from './start-load.ts';
export { startLoad } from './start-load.ts';
