/** Groups a list by a key, in the order in which the keys appear. */
export function groupBy<T, K>(all: readonly T[], getKey: (each: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const each of all) {
    const key = getKey(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}
