import type { EngineEvent, EngineRun, EngineStep } from "../../upgrade/engine.js";
import type { HookRegistry } from "./hooks.js";
import type { ResourceProvider } from "./providers/provider.js";
import type { Redactor } from "./redact.js";
import type { Sealer } from "./seal.js";
import type { Snapshot } from "./snapshot.js";

/** What all parts of one run share. */
export interface Run {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  /** State files by full name. */
  readonly otherStacks: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
  readonly snapshot: Snapshot;
  readonly sealer: Sealer;
  readonly redactor: Redactor;
  readonly hooks: HookRegistry;
  readonly providers: ReadonlyMap<string, ResourceProvider>;
  /** Aborted when running operations are to be ended. */
  readonly signal: AbortSignal;
  readonly programDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly journal: RunJournal;
}

/** What happened in a run, told as it happens and kept for its end. */
export interface RunJournal {
  readonly steps: EngineRun["steps"];
  readonly diagnostics: EngineRun["diagnostics"];
  /** Reports the beginning of a step; call the result with its end. */
  begin(step: EngineStep): (outcome: "succeeded" | "failed") => void;
  hook(name: string, urn: string, outcome: "passed" | "failed"): void;
  diagnostic(severity: "info" | "warning" | "error", urn: string | null, message: string): void;
  /** What the program itself says; an error among that does not fail the run, as little as Pulumi has it. */
  programSays(severity: "info" | "warning" | "error", urn: string | null, message: string): void;
  /** The program ended by itself before it had declared everything; null when it has said why. */
  programFailed(message: string | null): void;
  /** Progress of a running command: told, not kept. */
  progress(urn: string, line: string): void;
  /** True once the engine reported an error or a step failed. */
  failed(): boolean;
}

export function createJournal(redactor: Redactor, dryRun: boolean, onEvent: (event: EngineEvent) => void): RunJournal {
  const steps: EngineRun["steps"] = [];
  const diagnostics: EngineRun["diagnostics"] = [];
  let failed = false;
  const diagnose = (severity: "info" | "warning" | "error", urn: string | null, message: string): void => {
    const event = { kind: "diagnostic", severity, urn, message: redactor.text(message) } as const;
    diagnostics.push(event);
    onEvent(event);
  };
  return {
    steps,
    diagnostics,
    begin(step) {
      const begun = performance.now();
      onEvent({ kind: "step-started", step });
      return (outcome) => {
        const seconds = (performance.now() - begun) / 1000;
        failed ||= outcome === "failed";
        steps.push({ ...step, outcome: outcome === "succeeded" && dryRun ? "planned" : outcome });
        onEvent({ kind: outcome === "succeeded" ? "step-done" : "step-failed", step, seconds });
      };
    },
    hook: (name, urn, outcome) => onEvent({ kind: "hook", name, urn, outcome }),
    diagnostic(severity, urn, message) {
      failed ||= severity === "error";
      diagnose(severity, urn, message);
    },
    programSays: diagnose,
    programFailed(message) {
      failed = true;
      if (message !== null) diagnose("error", null, message);
    },
    progress: (urn, line) => onEvent({ kind: "diagnostic", severity: "info", urn, message: redactor.text(line) }),
    failed: () => failed,
  };
}
