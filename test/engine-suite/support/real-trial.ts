import { join } from "node:path";
import type { EngineEvent, OutputMap, Stack, StepEventMetadata } from "@pulumi/pulumi/automation";
import { diffPaths } from "../../../packages/rehearsal/lib/engine/values/property-path.js";
import type { Properties } from "../../../packages/rehearsal/lib/engine/values/values.js";
import type { Operation } from "../../../lib/engine/engine.js";
import { secretWord, stepText, type Observed, type ObservedResource, type Trial, type Turn } from "./trial.js";
import { createWorkplace, type Workplace } from "./workplace.js";

export function realTrial(program: string): Trial & { workplace: Workplace } {
  const workplace = createWorkplace(program);
  let stack: Promise<Stack> | null = null;
  return {
    workplace,
    run: async (turn) => run(workplace, await (stack ??= makeStack(workplace, program)), turn),
    dispose: () => workplace.dispose(),
  };
}

async function makeStack(workplace: Workplace, program: string): Promise<Stack> {
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  const envVars = {
    PULUMI_BACKEND_URL: `file://${join(workplace.folder, "backend")}`,
    PULUMI_HOME: join(workplace.folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: `${program} in a test`,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    LOG: workplace.logFile,
  };
  return LocalWorkspace.createStack({ stackName: "dev", workDir: workplace.program }, { envVars });
}

async function run(workplace: Workplace, stack: Stack, turn: Turn): Promise<Observed> {
  workplace.clearLog();
  const plain = Object.entries({ log: workplace.logFile, ...turn.config }).map(([key, value]) => [key, { value }]);
  const secrets = Object.entries(turn.secrets ?? {}).map(([key, value]) => [key, { value, secret: true }]);
  await stack.setAllConfig(Object.fromEntries([...plain, ...secrets]) as Parameters<Stack["setAllConfig"]>[0]);
  Object.assign(stack.workspace.envVars, turn.environment);
  const events: EngineEvent[] = [];
  const onEvent = (event: EngineEvent): number => events.push(event);
  let ok = true;
  try {
    if (turn.what === "up") await stack.up({ onEvent });
    else await stack.preview({ onEvent });
  } catch {
    ok = false;
  }
  const outputs = visible(await stack.outputs());
  return {
    ok,
    ...readEvents(events, turn.what),
    log: workplace.log(),
    state: readState(await stack.exportStack()),
    outputs,
  };
}

function visible(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, { secret }]) => !secret)
      .map(([key, { value }]) => [key, value as unknown]),
  );
}

const operations: Record<string, Operation | undefined> = {
  create: "create",
  update: "update",
  same: "same",
  delete: "delete",
  "create-replacement": "replace",
  "delete-replaced": "delete",
  "discard-replaced": "delete",
  import: "import",
  read: "read",
};

/** Of a replacement, `replace` only repeats `create-replacement`. */
export function readEvents(
  events: readonly EngineEvent[],
  what: Turn["what"],
): Pick<Observed, "steps" | "order" | "failed" | "errors"> {
  const result: Pick<Observed, "steps" | "order" | "failed" | "errors"> = {
    steps: {},
    order: [],
    failed: [],
    errors: [],
  };
  /** Of one resource two steps of the same kind may run side by side: deletions that a run before left, and its own. */
  const begun: { step: string; urn: string; text: string }[] = [];
  for (const event of events) {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
    if (diagnosticEvent?.severity === "error") result.errors.push(diagnosticEvent.message.trimEnd());
    const metadata = (resourcePreEvent ?? resOutputsEvent ?? resOpFailedEvent)?.metadata;
    if (metadata === undefined || metadata.type.startsWith("pulumi:providers:")) continue;
    const operation = operations[metadata.op];
    if (operation === undefined) continue;
    const step = `${metadata.op} ${metadata.urn}`;
    if (resourcePreEvent !== undefined) {
      begun.push({ step, urn: metadata.urn, text: stepText(operation, "succeeded", diffKeys(metadata)) });
      result.order.push(`> ${metadata.urn}`);
      continue;
    }
    // Components tell their end once more when they get their outputs.
    const index = begun.findIndex((one) => one.step === step);
    if (index < 0) continue;
    begun.splice(index, 1);
    if (resOutputsEvent !== undefined) result.order.push(`< ${metadata.urn}`);
    else result.failed.push(metadata.urn);
    const outcome = resOutputsEvent === undefined ? "failed" : what === "preview" ? "planned" : "succeeded";
    (result.steps[metadata.urn] ??= []).push(stepText(operation, outcome, diffKeys(metadata)));
  }
  for (const { urn, text } of begun) {
    // A preview tells no end of a step that failed, an update none of a component that never got its outputs.
    const outcome = what === "preview" ? "failed" : "succeeded";
    (result.steps[urn] ??= []).push(text.replace("succeeded", outcome));
    if (outcome === "failed") result.failed.push(urn);
  }
  result.errors = result.errors
    .filter((message) => !/^(update|preview) failed$/.test(message))
    .map((message) => message.replace(/^Preview failed: /, ""));
  result.failed.sort();
  result.errors.sort();
  return result;
}

/** The engine's own diff where a provider made none, as for components. */
function diffKeys({ op, detailedDiff, old, new: next }: StepEventMetadata): string[] {
  if (detailedDiff !== undefined && detailedDiff !== null) return Object.keys(detailedDiff).sort();
  return op === "update" ? diffPaths((old?.inputs ?? {}) as Properties, (next?.inputs ?? {}) as Properties) : [];
}

interface ExportedResource {
  urn: string;
  type: string;
  inputs?: unknown;
  outputs?: unknown;
  protect?: boolean;
  retainOnDelete?: boolean;
  dependencies?: string[];
  initErrors?: string[];
}

export interface StoredDeployment {
  resources?: ExportedResource[];
}

export function readState({ deployment }: { deployment: StoredDeployment }): ObservedResource[] {
  return (deployment.resources ?? [])
    .filter(({ type }) => !type.startsWith("pulumi:providers:"))
    .map((resource) => ({
      urn: resource.urn,
      inputs: hideSecrets(resource.inputs ?? {}),
      outputs: hideSecrets(resource.outputs ?? {}),
      protect: resource.protect ?? false,
      retainOnDelete: resource.retainOnDelete ?? false,
      dependencies: [...(resource.dependencies ?? [])].sort(),
      initErrors: resource.initErrors?.length ?? 0,
    }))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("ciphertext" in value || "plaintext" in value) return secretWord;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, hideSecrets(child)]));
}
