import { writeState, type EngineState, type ResourceState } from "./state.js";

/**
 * The state during a run: the entries the run has processed, followed by the remaining ones. Every change is saved at
 * once, except in a preview.
 */
export interface Snapshot {
  /** Returns the entry that a URN had when the run started. */
  getOld(urn: string): ResourceState | undefined;
  /** Entries the run has not processed: at its end, those that the program no longer declares. */
  readonly remaining: readonly ResourceState[];
  getCurrent(urn: string): ResourceState | undefined;
  /** Replaces `replaced`, the old entry of a resource (possibly under another URN), by the new entry. */
  put(next: ResourceState, replaced: ResourceState | undefined): void;
  /** Like `put`, but keeps the old entry as pending deletion. */
  putReplacement(next: ResourceState, replaced: ResourceState): void;
  remove(resource: ResourceState): void;
  save(): void;
  getState(): EngineState;
}

export function createSnapshot(state: EngineState, file: string | null): Snapshot {
  const found = new Map(state.resources.filter((entry) => !entry.pendingDelete).map((entry) => [entry.urn, entry]));
  let remaining = [...state.resources];
  let processed: ResourceState[] = [];
  /** New URN by old one, of what is replaced under an alias: the state has the new one at once, the run's deletion still the old one. */
  const renamed = new Map<string, string>();
  const getState = (): EngineState => ({
    ...state,
    resources: [...renamed].reduce(
      (resources, [from, to]) => resources.map((entry) => renameReferences(renameEntry(entry, from, to), from, to)),
      [...processed, ...remaining],
    ),
  });
  const save = (): void => {
    if (file !== null) writeState(file, getState());
  };
  const renameUrn = (from: string, to: string): void => {
    const rename = (entry: ResourceState): ResourceState => renameReferences(entry, from, to);
    remaining = remaining.map(rename);
    processed = processed.map(rename);
  };
  const put = (next: ResourceState): void => {
    processed = processed.some((entry) => entry.urn === next.urn && !entry.pendingDelete)
      ? processed.map((entry) => (entry.urn === next.urn && !entry.pendingDelete ? next : entry))
      : [...processed, next];
  };
  return {
    getOld: (urn) => found.get(urn),
    get remaining() {
      return remaining;
    },
    getCurrent: (urn) => processed.find((entry) => entry.urn === urn && !entry.pendingDelete),
    put(next, replaced) {
      if (replaced !== undefined)
        remaining = remaining.filter((entry) => entry.pendingDelete || entry.urn !== replaced.urn);
      put(next);
      if (replaced !== undefined && replaced.urn !== next.urn) renameUrn(replaced.urn, next.urn);
      save();
    },
    putReplacement(next, replaced) {
      remaining = remaining.map((entry) =>
        !entry.pendingDelete && entry.urn === replaced.urn ? { ...entry, pendingDelete: true } : entry,
      );
      put(next);
      if (replaced.urn !== next.urn) renamed.set(replaced.urn, next.urn);
      save();
    },
    remove(resource) {
      remaining = remaining.filter(
        (entry) =>
          entry.urn !== resource.urn || entry.id !== resource.id || entry.pendingDelete !== resource.pendingDelete,
      );
      save();
    },
    save,
    getState,
  };
}

function renameEntry(entry: ResourceState, from: string, to: string): ResourceState {
  return entry.urn === from ? { ...entry, urn: to } : entry;
}

function renameReferences(entry: ResourceState, from: string, to: string): ResourceState {
  const replaceUrn = (urn: string): string => (urn === from ? to : urn);
  const provider = entry.provider.startsWith(`${from}::`) ? to + entry.provider.slice(from.length) : entry.provider;
  return { ...entry, parent: replaceUrn(entry.parent), provider, dependencies: entry.dependencies.map(replaceUrn) };
}
