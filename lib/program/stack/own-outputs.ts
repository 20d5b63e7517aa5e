import * as pulumi from "@pulumi/pulumi";

/**
 * Reads the stack's own last outputs from its state, by the engine: in preview and update, without a cluster; empty
 * before the first update. Secret outputs would come back wrapped, but this program exports none.
 */
export function readOwnOutputs(): Promise<Record<string, unknown>> {
  return readStackOutputs(getFullStackName());
}

/** `organization/project/stack`. */
export function getFullStackName(): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
}

/** Reads the last outputs of a stack of this backend by its full name. */
export async function readStackOutputs(name: string): Promise<Record<string, unknown>> {
  const result = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as {
    outputs?: Record<string, unknown>;
  };
  return result.outputs ?? {};
}
