/** The engine interface of the driver; implemented by the real engine (Automation API) and the embedded one. */

export type Operation = "create" | "update" | "same" | "delete" | "replace" | "import" | "read";

/** One thing the engine did, or plans to do, to one resource. */
export interface EngineStep {
  urn: string;
  type: string;
  /** Last part of the URN. */
  name: string;
  operation: Operation;
  /** Input properties that differ, dotted paths, sorted; secrets by path only. */
  diffKeys: string[];
}

export type EngineEvent =
  | { kind: "step-started"; step: EngineStep }
  | { kind: "step-done"; step: EngineStep; seconds: number }
  | { kind: "step-failed"; step: EngineStep; seconds: number }
  | { kind: "hook"; name: string; urn: string; outcome: "passed" | "failed" }
  /** Text is redacted. `info` is what the program logs. */
  | { kind: "diagnostic"; severity: "info" | "warning" | "error"; urn: string | null; message: string };

export interface EngineRun {
  ok: boolean;
  /** True when the run was aborted by its signal. */
  interrupted: boolean;
  steps: (EngineStep & { outcome: "planned" | "succeeded" | "failed" })[];
  diagnostics: Extract<EngineEvent, { kind: "diagnostic" }>[];
  /** Stack outputs as they are after the run; a failed run keeps the old ones. Secrets are left out. */
  outputs: Record<string, unknown>;
}

export interface EngineRunOptions {
  onEvent?: (event: EngineEvent) => void;
  /** Aborts the run: no new step is begun, a moving release is waited for, gates are killed, the state is saved. */
  signal?: AbortSignal;
  /** For this run only, added to the environment of program, gates and engine. */
  environment?: Record<string, string>;
}

export interface Engine {
  readonly name: "embedded" | "pulumi";
  preview(options?: EngineRunOptions): Promise<EngineRun>;
  up(options?: EngineRunOptions): Promise<EngineRun>;
  /** Outputs of the last successful update; empty before the first. */
  outputs(): Promise<Record<string, unknown>>;
}
