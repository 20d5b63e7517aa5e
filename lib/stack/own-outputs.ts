import * as pulumi from "@pulumi/pulumi";

/**
 * The stack's own last outputs, read by the engine from its state: works in preview and update, without a cluster, and is
 * empty before the first update. Secret outputs come back wrapped and are never asked for: this program exports none.
 */
export function readOwnOutputs(): Promise<Record<string, unknown>> {
  return readOutputsOf(fullStackName());
}

/** `organization/project/stack`. */
export function fullStackName(): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
}

/** The last outputs of a stack of this backend, by its full name: the one place that knows the invoke's name. */
export async function readOutputsOf(name: string): Promise<Record<string, unknown>> {
  const result = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as {
    outputs?: Record<string, unknown>;
  };
  return result.outputs ?? {};
}
