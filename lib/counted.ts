/** A number with what it counts, for a sentence: `1 hop`, `2 hops`, `0 entries`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
