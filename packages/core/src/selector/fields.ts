import type { SelectorObject } from './selector.ts';

/** What the values of a field are: patterns, ports, some fixed words, or none (the field itself is the condition). */
export type FieldKind = 'pattern' | 'port' | 'flag' | readonly string[];

/** The fields of the text form that have no key behind them. A dot stands for one level of the object form. */
export const plainFields: Readonly<Record<string, FieldKind>> = {
  id: 'pattern',
  name: 'pattern',
  source: 'pattern',
  portName: 'pattern',
  port: 'port',
  protocol: ['tcp', 'udp'],
  appProtocol: ['http', 'https', 'h2c'],
  'endpoint.id': 'pattern',
  'endpoint.address': 'pattern',
  'endpoint.port': 'port',
  'endpoint.health': ['healthy', 'unhealthy', 'unknown'],
  'endpoint.draining': 'flag',
};

/** Fields with a key behind them, such as `label.tier`, and where the object form has them. */
export const keyedFields: readonly (readonly [prefix: string, path: readonly string[]])[] = [
  ['label.', ['labels']],
  ['metadata.', ['metadata']],
  ['endpoint.metadata.', ['endpoint', 'metadata']],
];

export interface Field {
  readonly kind: FieldKind;
  /** Whether the field alone says something: that there is such a key, or that the flag is set. */
  readonly standsAlone: boolean;
  /** Where the object form has its value. */
  readonly path: readonly string[];
}

export function findField(text: string): Field | undefined {
  if (Object.hasOwn(plainFields, text)) {
    const kind = plainFields[text] as FieldKind;
    return { kind, standsAlone: kind === 'flag', path: text.split('.') };
  }
  for (const [prefix, path] of keyedFields) {
    if (text.startsWith(prefix) && text.length > prefix.length) {
      return { kind: 'pattern', standsAlone: true, path: [...path, text.slice(prefix.length)] };
    }
  }
  return undefined;
}

/** The object form of one condition. */
export function conditionOf({ path }: Field, value: unknown): SelectorObject {
  // fromEntries makes an own property of every key, even of `__proto__`.
  return path.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value) as SelectorObject;
}
