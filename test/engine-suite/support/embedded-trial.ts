import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createEmbeddedEngine } from "../../../packages/rehearsal/lib/engine/engine.js";
import { readStackConfig } from "../../../packages/rehearsal/lib/engine/project.js";
import { isSealed } from "../../../packages/rehearsal/lib/engine/values/seal.js";
import type { ProgramStarter } from "../../../packages/rehearsal/lib/engine/program.js";
import type { EngineState } from "../../../packages/rehearsal/lib/engine/state.js";
import { isObject, mapObject, type Value } from "../../../packages/rehearsal/lib/engine/values/values.js";
import type { EngineEvent } from "../../../lib/engine/engine.js";
import { secretWord, stepText, type Observed, type ObservedResource, type Trial, type Turn } from "./trial.js";
import { createWorkplace, type Workplace } from "./workplace.js";

export interface EmbeddedTrial extends Trial {
  workplace: Workplace;
  stateFile: string;
}

export function embeddedTrial(program: string, startProgram?: ProgramStarter): EmbeddedTrial {
  const workplace = createWorkplace(program);
  const stateFile = join(workplace.folder, "backend", "state.json");
  return {
    workplace,
    stateFile,
    run: (turn) => run(workplace, program, stateFile, turn, startProgram),
    dispose: () => workplace.dispose(),
  };
}

async function run(
  workplace: Workplace,
  program: string,
  stateFile: string,
  turn: Turn,
  startProgram?: ProgramStarter,
): Promise<Observed> {
  workplace.clearLog();
  const engine = createEmbeddedEngine({
    projectDir: workplace.program,
    stack: "dev",
    stateFile,
    config: {
      ...readStackConfig(workplace.program, "dev"),
      ...Object.fromEntries(
        Object.entries({ log: workplace.logFile, ...turn.config }).map(([key, value]) => [
          `${program}:${key}`,
          { value, secret: false },
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(turn.secrets ?? {}).map(([key, value]) => [`${program}:${key}`, { value, secret: true }]),
      ),
    },
    environment: { LOG: workplace.logFile, ...turn.environment },
    ...(startProgram === undefined ? {} : { startProgram }),
  });
  const order: string[] = [];
  const result = await engine[turn.what]({ onEvent: (event) => order.push(...orderOf(event)) });
  const steps: Observed["steps"] = {};
  for (const { urn, operation, outcome, diffKeys } of result.steps)
    (steps[urn] ??= []).push(stepText(operation, outcome, diffKeys));
  return {
    ok: result.ok,
    steps,
    order,
    failed: result.steps
      .filter(({ outcome }) => outcome === "failed")
      .map(({ urn }) => urn)
      .sort(),
    errors: result.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message.trimEnd())
      .sort(),
    log: workplace.log(),
    state: observedState(stateFile),
    outputs: await engine.outputs(),
  };
}

function orderOf(event: EngineEvent): string[] {
  if (event.kind === "step-started") return [`> ${event.step.urn}`];
  return event.kind === "step-done" ? [`< ${event.step.urn}`] : [];
}

function observedState(stateFile: string): ObservedResource[] {
  if (!existsSync(stateFile)) return [];
  const state = JSON.parse(readFileSync(stateFile, "utf8")) as EngineState;
  return state.resources
    .filter(({ type }) => !type.startsWith("pulumi:providers:"))
    .map((resource) => ({
      urn: resource.urn,
      inputs: hideSealed(resource.inputs),
      outputs: hideSealed(resource.outputs),
      protect: resource.protect,
      retainOnDelete: resource.retainOnDelete,
      dependencies: resource.dependencies,
      initErrors: resource.initErrors.length,
    }))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

function hideSealed(value: Value): Value {
  if (isSealed(value)) return secretWord;
  if (Array.isArray(value)) return value.map(hideSealed);
  return isObject(value) ? mapObject(value, hideSealed) : value;
}
