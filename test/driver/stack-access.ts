import { type Engine } from "../../lib/engine/engine.js";
import { type StackAccess } from "../../lib/engine/stack-access.js";

/** A stack whose every call fails, but for what the test gives. */
export function stackAccess(given: Partial<Omit<StackAccess, "engine">> & { engine?: Partial<Engine> }): StackAccess {
  const unexpected = (): Promise<never> => Promise.reject(new Error("the test does not expect this call"));
  return {
    name: "prod",
    fullName: () => Promise.resolve("organization/palette/prod"),
    projectDir: "/nowhere",
    config: unexpected,
    readOutputsOf: unexpected,
    lockHolder: unexpected,
    state: null,
    ...given,
    engine: { name: "embedded", preview: unexpected, up: unexpected, outputs: unexpected, ...given.engine },
  };
}
