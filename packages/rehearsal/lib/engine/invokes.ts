import { readState, getStackOutputs, type EngineState } from "./state.js";
import type { Run } from "./run.js";
import type { Properties } from "./values/values.js";

const readStackOutputs = "pulumi:pulumi:readStackOutputs";

/** Answers a program's invoke, in previews and updates. Throws the message that the program gets. */
export function answerInvoke(run: Run, token: string, args: Properties): Properties {
  if (token !== readStackOutputs) {
    throw new Error(`the embedded engine has no function ${token}; it knows ${readStackOutputs}`);
  }
  const name = typeof args.name === "string" ? args.name : "";
  const { outputs, secretNames } = getStackOutputs(findStackState(run, name));
  return { name, outputs, secretOutputNames: secretNames };
}

function findStackState(run: Run, name: string): EngineState {
  const own = [run.stack, `${run.project}/${run.stack}`, `${run.organization}/${run.project}/${run.stack}`];
  // The state as it was when this run began: the stack's outputs are written at its end.
  if (own.includes(name)) return run.snapshot.getState();
  const file = run.otherStacks[name];
  if (file !== undefined) return readState(file, ...parseStackName(name));
  const known = [own.at(-1), ...Object.keys(run.otherStacks)].join(", ");
  throw new Error(`unknown stack "${name}"; the embedded engine knows only ${known}`);
}

function parseStackName(name: string): [string, string] {
  const [, project = "", stack = ""] = name.split("/");
  return [project, stack];
}
