import * as pulumi from "@pulumi/pulumi";
import { RefusedError, messageOf } from "../errors.js";

/**
 * The stack's own last outputs, read by the engine from its state: works in preview and update, without a cluster, and is
 * empty before the first update. Secret outputs come back wrapped and are never asked for: this program exports none.
 */
export function readOwnOutputs(): Promise<Record<string, unknown>> {
  return readStackOutputs(fullStackName());
}

/** `organization/project/stack`. */
export function fullStackName(): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
}

/**
 * The last outputs of another stack of this backend.
 *
 * @throws RefusedError `PROMOTION_STACK` where the engine does not know it.
 */
export async function readOutputsOf(stack: string): Promise<Record<string, unknown>> {
  try {
    return await readStackOutputs(stack);
  } catch (error) {
    throw new RefusedError("PROMOTION_STACK", `The outputs of stack ${stack} cannot be read: ${messageOf(error)}`, {
      next: "Write palette:promotionStack as organization/project/stack of the same backend, or promote by a signed file (palette:promotionFile).",
      cause: error,
    });
  }
}

/** The one place that knows the invoke's name. */
async function readStackOutputs(name: string): Promise<Record<string, unknown>> {
  const result = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as {
    outputs?: Record<string, unknown>;
  };
  return result.outputs ?? {};
}
