import { type ReleaseMove } from "../journal/types.js";
import { type PreviewedRelease } from "../program/preview/report.js";
import { type EngineEvent } from "../engine/engine.js";

const releaseType = "kubernetes:helm.sh/v3:Release";
/** An import takes a release over as it is. */
const moving = new Set(["create", "update", "replace"]);
const refusedByHook = /(?:^|\s)before hook "[^"]*" failed/;

/** Collects the releases that one update moved, from the engine's events; versions are those of its preview. */
export class ReleaseMoves {
  private readonly byUrn = new Map<string, { role: string; outcome: ReleaseMove["outcome"] }>();
  private readonly refused = new Set<string>();

  constructor(private readonly previewed: readonly PreviewedRelease[]) {}

  recordEvent(event: EngineEvent): void {
    if (event.kind === "diagnostic") {
      if (event.severity === "error" && event.urn !== null && refusedByHook.test(event.message))
        this.refused.add(event.urn);
      return;
    }
    if (event.kind === "hook") return;
    const { type, urn, name: role, operation } = event.step;
    if (type !== releaseType || !moving.has(operation)) return;
    this.byUrn.set(urn, { role, outcome: outcomes[event.kind] });
  }

  /** Lists the moves in the order in which they began; a release that its own hook refused did not begin. */
  listMoves(): ReleaseMove[] {
    return [...this.byUrn].flatMap(([urn, { role, outcome }]) => {
      const { name, namespace, from, to } =
        this.previewed.find((each) => each.role === role) ?? createUnknownRelease(role);
      return this.refused.has(urn) && outcome !== "moved" ? [] : [{ role, name, namespace, from, to, outcome }];
    });
  }
}

const outcomes = { "step-started": "unfinished", "step-done": "moved", "step-failed": "failed" } as const;

/** Stands for a release that the preview did not list. */
function createUnknownRelease(role: string): Omit<ReleaseMove, "role" | "outcome"> {
  return { name: role, namespace: "?", from: null, to: "?" };
}
