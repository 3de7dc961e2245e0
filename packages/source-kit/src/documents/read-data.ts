import type { z } from 'zod';
import type { DocumentService } from './document.ts';
import { servicesDocument } from './service-schema.ts';
import { type TargetGroupOptions, targetGroups, toServices } from './target-groups.ts';

/** What is wrong with one value of a document. */
export interface DataIssue {
  readonly path: readonly PropertyKey[];
  /** Begins with the path, for people: `services[0].name: …` */
  readonly message: string;
}

export type ReadData =
  | { readonly services: readonly DocumentService[] }
  | { readonly issues: readonly [DataIssue, ...DataIssue[]] };

/** Reads either form: our own, a map with `services`, or Prometheus' target groups, a list. It is good as a whole, or it is not. */
export function readData(data: unknown, options: TargetGroupOptions): ReadData {
  const isGroups = Array.isArray(data);
  if (!isGroups && (typeof data !== 'object' || data === null)) {
    return { issues: [{ path: [], message: 'it holds neither a map with "services" nor a list of target groups' }] };
  }
  if (!isGroups) {
    const result = servicesDocument.safeParse(data);
    return result.success ? { services: result.data } : { issues: describeIssues(result.error) };
  }
  const result = targetGroups.safeParse(data);
  return result.success ? { services: toServices(result.data, options) } : { issues: describeIssues(result.error) };
}

function describeIssues({ issues }: z.ZodError): readonly [DataIssue, ...DataIssue[]] {
  const [first = { path: [], message: 'it cannot be read' }, ...rest] = issues
    .map((issue) => innermost(issue))
    .map(({ path, message }) => ({ path, message: `${formatPath(path)}: ${message}` }));
  return [first, ...rest];
}

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>;

/** Of a choice, the branch that takes this kind of value says what is wrong with it. */
function innermost(issue: z.core.$ZodIssue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const branches = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const fitting = branches.find(({ code, path }) => code !== 'invalid_type' || path.length > 0);
  if (fitting === undefined) return { path: issue.path, message: 'write address:port, or a map with address and port' };
  const { path, message } = innermost(fitting);
  return { path: [...issue.path, ...path], message };
}

function formatPath(path: readonly PropertyKey[]): string {
  return (
    path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('')
      .replace(/^\./, '') || 'the document'
  );
}
