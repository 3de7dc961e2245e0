/** Deep equality of plain JSON data; keys with `undefined` count as absent. */
export function isEqualData(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => isEqualData(item, right[index]));
  }
  const leftRecord = left as Record<string, unknown>;
  const rightRecord = right as Record<string, unknown>;
  for (const key of Object.keys(leftRecord)) {
    if (!isEqualData(leftRecord[key], own(rightRecord, key))) return false;
  }
  for (const key of Object.keys(rightRecord)) {
    if (rightRecord[key] !== undefined && own(leftRecord, key) === undefined) return false;
  }
  return true;
}

/** A label may be called `constructor`, which every object inherits. */
function own(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
