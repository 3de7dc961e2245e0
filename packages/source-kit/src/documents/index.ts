export type { DocumentService } from './document.ts';
export type { JoinedServices, Origin } from './join-services.ts';
export { joinServices } from './join-services.ts';
export { isHostname } from './parse-address.ts';
export type { DocumentProblem, ParsedDocument } from './parse-document.ts';
export { parseDocument } from './parse-document.ts';
export type { DataIssue, ReadData } from './read-data.ts';
export { readData } from './read-data.ts';
export type { TargetGroupOptions } from './target-groups.ts';
