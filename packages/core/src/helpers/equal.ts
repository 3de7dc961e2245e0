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
  for (const key in leftRecord) {
    if (!isEqualData(leftRecord[key], rightRecord[key])) return false;
  }
  for (const key in rightRecord) {
    if (rightRecord[key] !== undefined && leftRecord[key] === undefined) return false;
  }
  return true;
}
