import { setMaxListeners } from "node:events";
import { type EngineEvent } from "./engine.js";

const releaseType = "kubernetes:helm.sh/v3:Release";

interface DeferredStop {
  /** Aborted once a stop was requested and no release moves. */
  signal: AbortSignal;
  trackEvent: (event: EngineEvent) => void;
  dispose: () => void;
}

/**
 * Delays an interrupt until no release moves: the engine passes it to its providers, and Helm would leave a release
 * failed half-way.
 */
export function stopBetweenReleases(requested: AbortSignal | undefined): DeferredStop {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const moving = new Set<string>();
  const stopIfIdle = (): void => {
    if (requested?.aborted === true && moving.size === 0) stop.abort();
  };
  requested?.addEventListener("abort", stopIfIdle, { once: true });
  stopIfIdle();
  return {
    signal: stop.signal,
    trackEvent: (event) => {
      if (event.kind !== "step-started" && event.kind !== "step-done" && event.kind !== "step-failed") return;
      const { type, urn, operation } = event.step;
      if (type !== releaseType || operation === "same") return;
      if (event.kind === "step-started") moving.add(`${operation} ${urn}`);
      else moving.delete(`${operation} ${urn}`);
      stopIfIdle();
    },
    dispose: () => requested?.removeEventListener("abort", stopIfIdle),
  };
}
