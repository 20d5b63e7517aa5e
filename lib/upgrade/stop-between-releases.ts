import { setMaxListeners } from "node:events";
import { type EngineEvent } from "./engine.js";

const releaseType = "kubernetes:helm.sh/v3:Release";

export interface DeferredStop {
  /** Aborted once the run is to be ended and no release moves. */
  signal: AbortSignal;
  heed: (event: EngineEvent) => void;
  dispose: () => void;
}

/**
 * Hands an interrupt on only while no release moves: the engine passes it to its providers, and Helm would leave a release
 * failed in the middle.
 */
export function stopBetweenReleases(asked: AbortSignal | undefined): DeferredStop {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const moving = new Set<string>();
  const decide = (): void => {
    if (asked?.aborted === true && moving.size === 0) stop.abort();
  };
  asked?.addEventListener("abort", decide, { once: true });
  decide();
  return {
    signal: stop.signal,
    heed: (event) => {
      if (event.kind !== "step-started" && event.kind !== "step-done" && event.kind !== "step-failed") return;
      const { type, urn, operation } = event.step;
      if (type !== releaseType || operation === "same") return;
      if (event.kind === "step-started") moving.add(`${operation} ${urn}`);
      else moving.delete(`${operation} ${urn}`);
      decide();
    },
    dispose: () => asked?.removeEventListener("abort", decide),
  };
}
