import type { Health } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';

/**
 * Chooses services, or endpoints of services; one small language for every transform. A string is short for `{ name: … }`.
 * Keys of one object are ANDed, the values of a list are ORed. `*` in a pattern stands for any run of characters.
 * The same on one line, for command lines: `parseSelector`.
 */
export type Selector = string | SelectorObject;

export interface SelectorObject {
  readonly id?: Patterns;
  readonly name?: Patterns;
  /** The source's id, the part of the service id before the first colon. */
  readonly source?: Patterns;
  /** The port's name or index, the part of the service id behind `#`. */
  readonly portName?: Patterns;
  /** The stable service port. */
  readonly port?: number | readonly number[];
  readonly protocol?: OneOrMore<Service['protocol']>;
  readonly appProtocol?: OneOrMore<NonNullable<Service['appProtocol']>>;
  readonly labels?: KeyedPatterns;
  readonly metadata?: KeyedPatterns;
  /**
   * An endpoint for which all of this is true. Where services are chosen, one of the service's endpoints; where endpoints are
   * chosen, the endpoint itself.
   */
  readonly endpoint?: EndpointSelector;
  readonly any?: readonly Selector[];
  readonly all?: readonly Selector[];
  readonly not?: Selector;
}

export interface EndpointSelector {
  readonly id?: Patterns;
  readonly address?: Patterns;
  readonly port?: number | readonly number[];
  readonly health?: OneOrMore<Health>;
  readonly draining?: boolean;
  readonly metadata?: KeyedPatterns;
}

export type OneOrMore<Value> = Value | readonly Value[];

export type Patterns = OneOrMore<string>;

/** By key: pattern of the value, or whether there is one. */
export type KeyedPatterns = Readonly<Record<string, Patterns | boolean>>;
