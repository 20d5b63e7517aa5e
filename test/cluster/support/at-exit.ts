/** What is still to be put away should this process end before its after-hooks do. */
const pending = new Set<() => void>();

process.once("exit", () => {
  // As a person clears up: what came last goes first, so that no program writes where a folder was just removed.
  for (const putAway of [...pending].reverse()) putAway();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(130));
}

/** Has `putAway` done, at once and in step, when this process ends; the answer takes that back. */
export function atExit(putAway: () => void): () => void {
  pending.add(putAway);
  return () => pending.delete(putAway);
}
