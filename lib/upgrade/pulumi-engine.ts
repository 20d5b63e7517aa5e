import type { EngineEvent as PulumiEvent, Stack, StepEventMetadata } from "@pulumi/pulumi/automation";
import { messageOf } from "../errors.js";
import {
  type Engine,
  type EngineEvent,
  type EngineRun,
  type EngineRunOptions,
  type EngineStep,
  type Operation,
} from "./engine.js";
import { explainTrouble } from "./engine-troubles.js";
import { stopBetweenReleases } from "./stop-between-releases.js";

export interface PulumiEngineOptions {
  projectDir: string;
  stack: string;
  /** Added to this process's environment for the Pulumi command line. */
  environment?: Record<string, string>;
}

/** The real engine by the `pulumi` on PATH. See `selectPulumiStack` for what people call. */
export async function createPulumiEngine(options: PulumiEngineOptions): Promise<Engine> {
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  return engineOf(
    await LocalWorkspace.selectStack(
      { stackName: options.stack, workDir: options.projectDir },
      { envVars: options.environment ?? {} },
    ),
  );
}

/** The engine of a selected stack. Text of failures comes from the engine's diagnostics, not from the command's output. */
export function engineOf(stack: Stack): Engine {
  return {
    name: "pulumi",
    preview: (runOptions) => run(stack, "preview", runOptions),
    up: (runOptions) => run(stack, "up", runOptions),
    outputs: () => visibleOutputs(stack),
  };
}

async function run(stack: Stack, what: "preview" | "up", options: EngineRunOptions = {}): Promise<EngineRun> {
  const { onEvent = () => undefined, signal, environment = {} } = options;
  const stop = stopBetweenReleases(signal);
  const reader = readEvents(what, (event) => {
    stop.heed(event);
    onEvent(event);
  });
  const { envVars } = stack.workspace;
  stack.workspace.envVars = { ...envVars, ...environment };
  let ok = true;
  try {
    await stack[what]({ onEvent: reader.take, signal: stop.signal });
  } catch (error) {
    ok = false;
    reader.failure(error);
  } finally {
    stack.workspace.envVars = envVars;
    stop.dispose();
  }
  return {
    ok,
    interrupted: !ok && stop.signal.aborted,
    steps: reader.steps,
    diagnostics: reader.diagnostics,
    outputs: await visibleOutputs(stack),
  };
}

async function visibleOutputs(stack: Stack): Promise<Record<string, unknown>> {
  const outputs = await stack.outputs().catch((error: unknown) => {
    throw explainTrouble(messageOf(error)) ?? error;
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
  take: (event: PulumiEvent) => void;
  /** Keeps what the command said when the engine itself said nothing, e.g. that another update holds the lock. */
  failure: (error: unknown) => void;
}

function readEvents(what: "preview" | "up", onEvent: (event: EngineEvent) => void): EventReader {
  const steps: EngineRun["steps"] = [];
  const diagnostics: EngineRun["diagnostics"] = [];
  const begun = new Map<string, { step: EngineStep; since: number }>();
  const say = (severity: "info" | "warning" | "error", urn: string | null, message: string): void => {
    const diagnostic = { kind: "diagnostic", severity, urn, message } as const;
    diagnostics.push(diagnostic);
    onEvent(diagnostic);
  };
  const end = (metadata: StepEventMetadata, outcome: "planned" | "succeeded" | "failed"): void => {
    const running = begun.get(keyOf(metadata));
    if (running === undefined) return;
    begun.delete(keyOf(metadata));
    steps.push({ ...running.step, outcome });
    const seconds = (performance.now() - running.since) / 1000;
    onEvent({ kind: outcome === "failed" ? "step-failed" : "step-done", step: running.step, seconds });
  };
  return {
    steps,
    diagnostics,
    take: ({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent }) => {
      if (resourcePreEvent) {
        const step = stepOf(resourcePreEvent.metadata);
        if (step === null) return;
        begun.set(keyOf(resourcePreEvent.metadata), { step, since: performance.now() });
        onEvent({ kind: "step-started", step });
      }
      if (resOutputsEvent) end(resOutputsEvent.metadata, what === "preview" ? "planned" : "succeeded");
      if (resOpFailedEvent) end(resOpFailedEvent.metadata, "failed");
      if (
        diagnosticEvent &&
        (diagnosticEvent.severity as string) !== "debug" &&
        !diagnosticEvent.ephemeral &&
        isWorthSaying(diagnosticEvent.message)
      ) {
        const severity = diagnosticEvent.severity.startsWith("info") ? "info" : diagnosticEvent.severity;
        say(
          severity === "error" || severity === "warning" ? severity : "info",
          diagnosticEvent.urn ?? null,
          diagnosticEvent.message.trimEnd(),
        );
      }
    },
    failure: (error) => {
      if (diagnostics.some(({ severity }) => severity === "error")) return;
      say("error", null, error instanceof Error ? error.message : String(error));
    },
  };
}

/** The engine repeats a failure as "update failed"; the plugins on PATH are nobody's business. */
function isWorthSaying(message: string): boolean {
  return !/^(update|preview) failed\s*$|using pulumi-resource-\S+ from \$PATH|resource plugin \S+ is expected to have version/.test(
    message,
  );
}

function stepOf(metadata: StepEventMetadata): EngineStep | null {
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

function keyOf({ op, urn }: StepEventMetadata): string {
  return `${op} ${urn}`;
}
