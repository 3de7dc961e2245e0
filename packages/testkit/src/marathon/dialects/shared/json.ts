/** JSON as it goes out; a field that is undefined is left out. */
export type Json = { readonly [key: string]: unknown };

/** Leaves out what Marathon does not print: absent values and, where asked for, empty ones. */
export function orAbsent<T>(value: readonly T[] | Readonly<Record<string, T>>): unknown {
  return Object.keys(value).length === 0 ? undefined : value;
}
