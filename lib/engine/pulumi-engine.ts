import type { EngineEvent as PulumiEvent, Stack, StepEventMetadata } from "@pulumi/pulumi/automation";
import { getErrorMessage } from "../base/errors/errors.js";
import {
  type Engine,
  type EngineEvent,
  type EngineRun,
  type EngineRunOptions,
  type EngineStep,
  type Operation,
} from "./engine.js";
import { explainTrouble } from "./engine-faults.js";
import { stopBetweenReleases } from "./stop-between-releases.js";

/** Creates the engine of a selected stack. Failures are taken from the engine's diagnostics, not from the output. */
export function createStackEngine(stack: Stack): Engine {
  return {
    name: "pulumi",
    preview: (runOptions) => run(stack, "preview", runOptions),
    up: (runOptions) => run(stack, "up", runOptions),
    outputs: () => readVisibleOutputs(stack),
  };
}

async function run(stack: Stack, what: "preview" | "up", options: EngineRunOptions = {}): Promise<EngineRun> {
  const { onEvent = () => undefined, signal, environment = {} } = options;
  const stop = stopBetweenReleases(signal);
  const reader = readEvents(what, (event) => {
    stop.trackEvent(event);
    onEvent(event);
  });
  const { envVars } = stack.workspace;
  stack.workspace.envVars = { ...envVars, ...environment };
  let ok = true;
  try {
    await stack[what]({ onEvent: reader.handleEvent, signal: stop.signal });
  } catch (error) {
    ok = false;
    reader.addFailure(error);
  } finally {
    stack.workspace.envVars = envVars;
    stop.dispose();
  }
  return {
    ok,
    interrupted: !ok && stop.signal.aborted,
    steps: reader.steps,
    diagnostics: reader.diagnostics,
    outputs: await readVisibleOutputs(stack),
  };
}

async function readVisibleOutputs(stack: Stack): Promise<Record<string, unknown>> {
  const outputs = await stack.outputs().catch((error: unknown) => {
    throw explainTrouble(getErrorMessage(error)) ?? error;
  });
  const entries = Object.entries(outputs).filter(([, { secret }]) => !secret);
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value as unknown]));
}

const operations: Record<string, Operation> = {
  create: "create",
  update: "update",
  same: "same",
  delete: "delete",
  replace: "replace",
  import: "import",
  read: "read",
};

interface EventReader {
  steps: EngineRun["steps"];
  diagnostics: EngineRun["diagnostics"];
  handleEvent: (event: PulumiEvent) => void;
  /** Adds the command's error where the engine reported none, e.g. that another update holds the lock. */
  addFailure: (error: unknown) => void;
}

function readEvents(what: "preview" | "up", onEvent: (event: EngineEvent) => void): EventReader {
  const steps: EngineRun["steps"] = [];
  const diagnostics: EngineRun["diagnostics"] = [];
  const startedSteps = new Map<string, { step: EngineStep; since: number }>();
  const addDiagnostic = (severity: "info" | "warning" | "error", urn: string | null, message: string): void => {
    const diagnostic = { kind: "diagnostic", severity, urn, message } as const;
    diagnostics.push(diagnostic);
    onEvent(diagnostic);
  };
  const endStep = (metadata: StepEventMetadata, outcome: "planned" | "succeeded" | "failed"): void => {
    const running = startedSteps.get(formatStepKey(metadata));
    if (running === undefined) return;
    startedSteps.delete(formatStepKey(metadata));
    steps.push({ ...running.step, outcome });
    const seconds = (performance.now() - running.since) / 1000;
    onEvent({ kind: outcome === "failed" ? "step-failed" : "step-done", step: running.step, seconds });
  };
  return {
    steps,
    diagnostics,
    handleEvent: ({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent }) => {
      if (resourcePreEvent) {
        const step = toEngineStep(resourcePreEvent.metadata);
        if (step === null) return;
        startedSteps.set(formatStepKey(resourcePreEvent.metadata), { step, since: performance.now() });
        onEvent({ kind: "step-started", step });
      }
      if (resOutputsEvent) endStep(resOutputsEvent.metadata, what === "preview" ? "planned" : "succeeded");
      if (resOpFailedEvent) endStep(resOpFailedEvent.metadata, "failed");
      if (
        diagnosticEvent &&
        (diagnosticEvent.severity as string) !== "debug" &&
        !diagnosticEvent.ephemeral &&
        isWorthReporting(diagnosticEvent.message)
      ) {
        const severity = diagnosticEvent.severity.startsWith("info") ? "info" : diagnosticEvent.severity;
        addDiagnostic(
          severity === "error" || severity === "warning" ? severity : "info",
          diagnosticEvent.urn ?? null,
          diagnosticEvent.message.trimEnd(),
        );
      }
    },
    addFailure: (error) => {
      if (diagnostics.some(({ severity }) => severity === "error")) return;
      addDiagnostic("error", null, error instanceof Error ? error.message : String(error));
    },
  };
}

/** Filters out "update failed", which repeats a failure, and messages on plugins on PATH. */
function isWorthReporting(message: string): boolean {
  return !/^(update|preview) failed\s*$|using pulumi-resource-\S+ from \$PATH|resource plugin \S+ is expected to have version/.test(
    message,
  );
}

function toEngineStep(metadata: StepEventMetadata): EngineStep | null {
  const operation = operations[metadata.op];
  if (operation === undefined || metadata.type.startsWith("pulumi:providers:")) return null;
  return {
    urn: metadata.urn,
    type: metadata.type,
    name: metadata.urn.split("::").at(-1)!,
    operation,
    diffKeys: Object.keys(metadata.detailedDiff ?? {}).sort(),
  };
}

function formatStepKey({ op, urn }: StepEventMetadata): string {
  return `${op} ${urn}`;
}
