/** Wraps work that is done at the first call, once; every later call gets the same value. */
export function createLazy<T>(work: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: work() }).value;
}
