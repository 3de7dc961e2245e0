import { SimulatorError } from '../error.ts';

type Labels = Readonly<Record<string, string>>;
type Matcher = (labels: Labels) => boolean;

const word = String.raw`((?:\\.|[-A-Za-z0-9_.])+)`;
const comparison = new RegExp(String.raw`^\s*${word}\s*(==|!=)\s*${word}\s*$`);
const membership = new RegExp(String.raw`^\s*${word}\s+(in|notin)\s*\(\s*(${word}(?:\s*,\s*${word})*)?\s*\)\s*$`);
const existence = new RegExp(String.raw`^\s*${word}\s*$`);

/**
 * The label selector of `GET /v2/apps?label=`: selectors that must all hold, separated by commas. Every form asks for a label that exists
 * (MS/api/v2/LabelSelector.scala).
 */
export function parseLabelSelector(text: string): Matcher {
  const matchers = splitSelectors(text).map((part) => parseSelector(part, text));
  return (labels) => matchers.every((matches) => matches(labels));
}

function parseSelector(part: string, text: string): Matcher {
  const compared = comparison.exec(part);
  if (compared !== null) {
    const [key, operator, value] = [withoutEscapes(compared[1]!), compared[2], withoutEscapes(compared[3]!)];
    return (labels) => Object.hasOwn(labels, key) && (labels[key] === value) === (operator === '==');
  }
  const member = membership.exec(part);
  if (member !== null) {
    const [key, operator] = [withoutEscapes(member[1]!), member[2]];
    const values = (member[3] ?? '').split(/(?<!\\),/).map((value) => withoutEscapes(value.trim()));
    return (labels) => Object.hasOwn(labels, key) && values.includes(labels[key]!) === (operator === 'in');
  }
  const exists = existence.exec(part);
  if (exists !== null) {
    const key = withoutEscapes(exists[1]!);
    return (labels) => Object.hasOwn(labels, key);
  }
  const found = part.replace(/^\s*(\\.|[-A-Za-z0-9_.])*\s*(==|!=)?\s*/, '').charAt(0);
  throw new SimulatorError(
    'DEFINITION_INVALID',
    `Can not parse label selector ${text}. Reason: string matching regex \`(\\\\.|[-A-Za-z0-9_.])+' expected but \`${found}' found`,
  );
}

/** Splits at the commas that are neither escaped nor in parentheses. */
function splitSelectors(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of text.matchAll(/\\.|./gs)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
