import type { EngineEvent, EngineRun, EngineStep } from "../../../../lib/engine/engine.js";
import type { HookRegistry } from "./hooks.js";
import type { ResourceProvider } from "./providers/provider.js";
import type { Redactor } from "./values/redact.js";
import type { Sealer } from "./values/seal.js";
import type { Snapshot } from "./snapshot.js";

/** State and services shared by all parts of one run. */
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

/** The events of a run: reported as they happen, steps and diagnostics also kept for its result. */
interface RunJournal {
  readonly steps: EngineRun["steps"];
  readonly diagnostics: EngineRun["diagnostics"];
  /** Reports the beginning of a step; call the result with its end. */
  begin(step: EngineStep): (outcome: "succeeded" | "failed") => void;
  reportHook(name: string, urn: string, outcome: "passed" | "failed"): void;
  reportDiagnostic(severity: "info" | "warning" | "error", urn: string | null, message: string): void;
  /** Reports output of the program itself; an error in it does not fail the run, as with Pulumi. */
  reportProgramOutput(severity: "info" | "warning" | "error", urn: string | null, message: string): void;
  /** The program ended before it had declared everything; null when it reported the reason itself. */
  reportProgramFailure(message: string | null): void;
  /** Reports progress of a running command; not kept for the result. */
  reportProgress(urn: string, line: string): void;
  /** True once the engine reported an error or a step failed. */
  hasFailed(): boolean;
}

export function createJournal(redactor: Redactor, dryRun: boolean, onEvent: (event: EngineEvent) => void): RunJournal {
  const steps: EngineRun["steps"] = [];
  const diagnostics: EngineRun["diagnostics"] = [];
  let failed = false;
  const diagnose = (severity: "info" | "warning" | "error", urn: string | null, message: string): void => {
    const event = { kind: "diagnostic", severity, urn, message: redactor.redact(message) } as const;
    diagnostics.push(event);
    onEvent(event);
  };
  return {
    steps,
    diagnostics,
    begin(step) {
      const startedAt = performance.now();
      onEvent({ kind: "step-started", step });
      return (outcome) => {
        const seconds = (performance.now() - startedAt) / 1000;
        failed ||= outcome === "failed";
        steps.push({ ...step, outcome: outcome === "succeeded" && dryRun ? "planned" : outcome });
        onEvent({ kind: outcome === "succeeded" ? "step-done" : "step-failed", step, seconds });
      };
    },
    reportHook: (name, urn, outcome) => onEvent({ kind: "hook", name, urn, outcome }),
    reportDiagnostic(severity, urn, message) {
      failed ||= severity === "error";
      diagnose(severity, urn, message);
    },
    reportProgramOutput: diagnose,
    reportProgramFailure(message) {
      failed = true;
      if (message !== null) diagnose("error", null, message);
    },
    reportProgress: (urn, line) =>
      onEvent({ kind: "diagnostic", severity: "info", urn, message: redactor.redact(line) }),
    hasFailed: () => failed,
  };
}
