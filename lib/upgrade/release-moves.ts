import { type ReleaseMove } from "../journal/types.js";
import { type PreviewedRelease } from "../stack/preview-report.js";
import { type EngineEvent } from "./engine.js";

const releaseType = "kubernetes:helm.sh/v3:Release";
/** An import takes a release over as it is. */
const moving = new Set(["create", "update", "replace"]);
const refusedByHook = /(?:^|\s)before hook "[^"]*" failed/;

/** Which releases one update took in hand, as the engine tells it; their versions are those its preview saw. */
export class ReleaseMoves {
  private readonly byUrn = new Map<string, { role: string; outcome: ReleaseMove["outcome"] }>();
  private readonly refused = new Set<string>();

  constructor(private readonly previewed: readonly PreviewedRelease[]) {}

  heed(event: EngineEvent): void {
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

  /** In the order in which they were begun; one that its own hook refused never began. */
  told(): ReleaseMove[] {
    return [...this.byUrn].flatMap(([urn, { role, outcome }]) => {
      const { name, namespace, from, to } = this.previewed.find((each) => each.role === role) ?? unseen(role);
      return this.refused.has(urn) && outcome !== "moved" ? [] : [{ role, name, namespace, from, to, outcome }];
    });
  }
}

const outcomes = { "step-started": "unfinished", "step-done": "moved", "step-failed": "failed" } as const;

/** Its preview did not see this release at all. */
function unseen(role: string): Omit<ReleaseMove, "role" | "outcome"> {
  return { name: role, namespace: "?", from: null, to: "?" };
}
