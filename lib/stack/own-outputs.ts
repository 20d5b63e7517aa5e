import * as pulumi from "@pulumi/pulumi";

/**
 * The stack's own last outputs, read by the engine from its state: works in preview and update, without a cluster, and is
 * empty before the first update. The one place that knows the invoke's name. Secret outputs come back wrapped and are
 * never asked for: this program exports none.
 */
export async function readOwnOutputs(): Promise<Record<string, unknown>> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const result = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as {
    outputs?: Record<string, unknown>;
  };
  return result.outputs ?? {};
}
