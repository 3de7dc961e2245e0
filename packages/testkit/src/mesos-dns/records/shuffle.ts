/** A copy in random order: Mesos-DNS gives no answer twice in the same one. */
export function shuffle<Value>(values: Iterable<Value>): Value[] {
  const shuffled = [...values];
  for (let index = shuffled.length - 1; index > 0; index -= 1) {
    const other = Math.floor(Math.random() * (index + 1));
    [shuffled[index], shuffled[other]] = [shuffled[other] as Value, shuffled[index] as Value];
  }
  return shuffled;
}
