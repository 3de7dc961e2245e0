// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration file look like this

import { messageOf } from '@signalbox/core';

export interface SubstitutionInputs {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads a file that `${file:path}` names; relative paths are relative to the configuration file. */
  readonly readFile: (path: string) => Promise<string>;
  /** Whether a plain word stands in for what cannot be resolved, for whoever wants to know only the form of the file. */
  readonly standIns?: boolean;
}

export interface Substitution {
  readonly value: string;
  /** `whole`: the text was one `${…}` and nothing else. `undefined`: nothing was replaced. */
  readonly extent: 'whole' | 'part' | undefined;
  /** What was put in, piece by piece. Not to be shown. */
  readonly inserted: readonly string[];
  /** Whether a word stands in for something that is not known. */
  readonly isStandIn: boolean;
  readonly problems: readonly SubstitutionProblem[];
}

export interface SubstitutionProblem {
  readonly message: string;
  readonly advice: string;
  readonly unreadable?: boolean;
  /** What may stand in for it; absent when the reference itself is wrong. */
  readonly standIn?: string;
}

/**
 * Replaces `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and `${file:path}` in one string; `$$` stands for `$`.
 * A `$` before anything else is left as it is. What was put in is not looked at again.
 */
export async function substitute(text: string, inputs: SubstitutionInputs): Promise<Substitution> {
  const problems: SubstitutionProblem[] = [];
  const inserted: string[] = [];
  let value = '';
  let references = 0;
  let literals = 0;
  let isStandIn = false;
  let position = 0;
  while (position < text.length) {
    const dollar = text.indexOf('$', position);
    if (dollar < 0 || (text[dollar + 1] !== '$' && text[dollar + 1] !== '{')) {
      const end = dollar < 0 ? text.length : dollar + 1;
      value += text.slice(position, end);
      literals += 1;
      position = end;
      continue;
    }
    if (dollar > position) literals += 1;
    value += text.slice(position, dollar);
    if (text[dollar + 1] === '$') {
      value += '$';
      literals += 1;
      position = dollar + 2;
      continue;
    }
    const close = text.indexOf('}', dollar);
    if (close < 0) {
      problems.push({ message: '"${" without "}"', advice: 'close it, or write "$${" for the characters themselves' });
      break;
    }
    references += 1;
    const resolved = await resolveReference(text.slice(dollar + 2, close), inputs);
    if (typeof resolved === 'string') {
      inserted.push(resolved);
      value += resolved;
    } else if (inputs.standIns === true && resolved.standIn !== undefined) {
      value += resolved.standIn;
      isStandIn = true;
    } else problems.push(resolved);
    position = close + 1;
  }
  const extent = references === 0 ? undefined : references === 1 && literals === 0 ? 'whole' : 'part';
  return { value, extent, inserted, isStandIn, problems };
}

async function resolveReference(
  reference: string,
  { environment, readFile }: SubstitutionInputs,
): Promise<string | SubstitutionProblem> {
  if (reference.startsWith('file:')) {
    const path = reference.slice('file:'.length);
    try {
      return (await readFile(path)).replace(/\r?\n$/, '');
    } catch (error) {
      return {
        message: `reading the file "${path}": ${messageOf(error)}`,
        advice: 'check the path (relative ones start at the configuration file) and the rights of this user',
        unreadable: true,
        standIn: 'placeholder',
      };
    }
  }
  const match = /^([A-Za-z_]\w*)(?::([-?])(.*))?$/s.exec(reference);
  if (match === null) {
    return {
      message: `"\${${reference}}" is no reference`,
      advice:
        'write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${file:path}, and "$${" for the characters themselves',
    };
  }
  const [, name = '', operator, rest = ''] = match;
  const value = environment[name];
  if (value !== undefined && (value !== '' || operator === undefined)) return value;
  if (operator === '-') return rest;
  if (operator === '?') {
    return {
      message: rest === '' ? `the variable ${name} is not set or empty` : `the variable ${name} is needed: ${rest}`,
      advice: `set ${name} in the environment`,
      standIn: `placeholder-${name}`,
    };
  }
  return {
    message: `the variable ${name} is not set`,
    advice: `set it in the environment, or give a default: \${${name}:-…}`,
    standIn: `placeholder-${name}`,
  };
}
