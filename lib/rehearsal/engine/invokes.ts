import { stackOutputs } from "./state.js";
import type { Run } from "./run.js";
import type { Properties } from "./values.js";

const readStackOutputs = "pulumi:pulumi:readStackOutputs";

/** Answers a program's invoke, in previews and updates alike. Throws with the sentence the program gets. */
export function invoke(run: Run, token: string, args: Properties): Properties {
  if (token !== readStackOutputs) {
    throw new Error(`the embedded engine has no function ${token}; it knows ${readStackOutputs}`);
  }
  const name = typeof args.name === "string" ? args.name : "";
  const own = [run.stack, `${run.project}/${run.stack}`, `${run.organization}/${run.project}/${run.stack}`];
  if (!own.includes(name)) throw new Error(`unknown stack "${name}"; the embedded engine knows only ${own.at(-1)}`);
  // The state as it was when this run began: the stack's outputs are written at its end.
  const { outputs, secretNames } = stackOutputs(run.snapshot.state());
  return { name, outputs, secretOutputNames: secretNames };
}
