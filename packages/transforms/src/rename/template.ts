import { portNameOf, type Service, sourceIdOf } from '@signalbox/core';

type Part = (service: Service, runs: readonly string[]) => string | undefined;

export interface Template {
  /** The text for a service, or `undefined` where something that it refers to is not there. */
  readonly fill: (service: Service, runs: readonly string[]) => string | undefined;
  /** What is wrong with the template; then `fill` must not be used. */
  readonly problem?: string;
}

/** Compiles a text with places such as `{1}` and `{label.team}`. What is filled in is never looked at for places again. */
export function compileTemplate(text: string, stars = Number.POSITIVE_INFINITY): Template {
  const pieces = text.split(/\{([^{}]*)\}/);
  const parts = pieces.map((piece, index): Part | undefined =>
    index % 2 === 0 ? () => piece : findPart(piece, stars),
  );
  const unknown = parts.indexOf(undefined);
  const loose = pieces.findIndex((piece, index) => index % 2 === 0 && /[{}]/.test(piece));
  const problem =
    unknown >= 0
      ? describeUnknown(pieces[unknown] ?? '', stars)
      : loose >= 0
        ? 'a brace that has no partner'
        : undefined;
  const fill = (service: Service, runs: readonly string[]): string | undefined => {
    const texts = parts.map((part) => part?.(service, runs));
    return texts.includes(undefined) ? undefined : texts.join('');
  };
  return problem === undefined ? { fill } : { fill, problem };
}

const facts: Readonly<Record<string, Part>> = {
  name: ({ name }) => name,
  source: ({ id }) => sourceIdOf(id),
  port: ({ port }) => (port === undefined ? undefined : String(port)),
  portName: ({ id }) => portNameOf(id),
};

function findPart(name: string, stars: number): Part | undefined {
  if (/^[1-9]\d?$/.test(name) && Number(name) <= stars) return (_, runs) => runs[Number(name) - 1];
  if (Object.hasOwn(facts, name)) return facts[name];
  const label = /^label\.(.+)$/s.exec(name)?.[1];
  if (label === undefined) return undefined;
  return ({ labels }) => (Object.hasOwn(labels, label) ? labels[label] : undefined);
}

function describeUnknown(name: string, stars: number): string {
  if (/^[1-9]\d?$/.test(name)) return `{${name}} has no star: the pattern has ${stars}`;
  return `{${name}} means nothing; expected {1}, {name}, {source}, {port}, {portName} or {label.<key>}`;
}
