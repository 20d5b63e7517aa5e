import { writeState, type EngineState, type ResourceState } from "./state.js";

/**
 * The state during a run: what the run has dealt with, followed by what it has not reached yet. Every change is saved at once,
 * except in a preview.
 */
export interface Snapshot {
  /** The entry a run found under a URN, before it dealt with it. */
  old(urn: string): ResourceState | undefined;
  /** Entries the run has not dealt with: at its end, what the program no longer declares. */
  readonly olds: readonly ResourceState[];
  current(urn: string): ResourceState | undefined;
  /** Puts the new entry of a resource in the place of `replaced` (its old one, perhaps under another URN). */
  put(next: ResourceState, replaced: ResourceState | undefined): void;
  /** Like `put`, but keeps the old entry as one that waits for its deletion. */
  putReplacement(next: ResourceState, replaced: ResourceState): void;
  remove(resource: ResourceState): void;
  save(): void;
  state(): EngineState;
}

export function createSnapshot(state: EngineState, file: string | null): Snapshot {
  const found = new Map(state.resources.filter((entry) => !entry.pendingDelete).map((entry) => [entry.urn, entry]));
  let olds = [...state.resources];
  let news: ResourceState[] = [];
  const whole = (): EngineState => ({ ...state, resources: [...news, ...olds] });
  const save = (): void => {
    if (file !== null) writeState(file, whole());
  };
  const rename = (from: string, to: string): void => {
    const renamed = (entry: ResourceState): ResourceState => renameReferences(entry, from, to);
    olds = olds.map(renamed);
    news = news.map(renamed);
  };
  const put = (next: ResourceState): void => {
    news = news.some((entry) => entry.urn === next.urn && !entry.pendingDelete)
      ? news.map((entry) => (entry.urn === next.urn && !entry.pendingDelete ? next : entry))
      : [...news, next];
  };
  return {
    old: (urn) => found.get(urn),
    get olds() {
      return olds;
    },
    current: (urn) => news.find((entry) => entry.urn === urn && !entry.pendingDelete),
    put(next, replaced) {
      if (replaced !== undefined) olds = olds.filter((entry) => entry.pendingDelete || entry.urn !== replaced.urn);
      put(next);
      if (replaced !== undefined && replaced.urn !== next.urn) rename(replaced.urn, next.urn);
      save();
    },
    putReplacement(next, replaced) {
      olds = olds.map((entry) =>
        !entry.pendingDelete && entry.urn === replaced.urn ? { ...entry, pendingDelete: true } : entry,
      );
      put(next);
      save();
    },
    remove(resource) {
      olds = olds.filter(
        (entry) =>
          entry.urn !== resource.urn || entry.id !== resource.id || entry.pendingDelete !== resource.pendingDelete,
      );
      save();
    },
    save,
    state: whole,
  };
}

function renameReferences(entry: ResourceState, from: string, to: string): ResourceState {
  const changed = (urn: string): string => (urn === from ? to : urn);
  const provider = entry.provider.startsWith(`${from}::`) ? to + entry.provider.slice(from.length) : entry.provider;
  return { ...entry, parent: changed(entry.parent), provider, dependencies: entry.dependencies.map(changed) };
}
