/** Formats a count with its noun, for a sentence: `1 hop`, `2 hops`, `0 entries`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
