import assert from "node:assert/strict";
import { connectKubernetes } from "../../lib/site/kubernetes/client.js";
import { type KubernetesSite } from "../../lib/site/types.js";
import { nodeNames, startControlPlane, type ControlPlane } from "./support/control-plane.js";
import { ownToolsOrSkip } from "./support/global-setup.js";
import { until } from "./support/processes.js";

const graceSeconds = 6;
const target = { namespace: "default", pod: "quirks", container: "main" };

interface Node {
  metadata: { name: string };
  status: { conditions: { type: string; status: string; lastHeartbeatTime: string }[] };
}

/** What kwok does otherwise than a kubelet, and what is done about it. A newer kwok that has changed shows here. */
describe("the nodes of the test's control plane", function () {
  this.timeout(180_000);
  let plane: ControlPlane;
  let kubernetes: KubernetesSite;

  before(async function () {
    const tools = ownToolsOrSkip(this, "these are quirks of kwok's");
    const environment = { PATH: process.env.PATH ?? "" };
    plane = await startControlPlane({
      tools,
      nodeGraceSeconds: graceSeconds,
      execTargets: [{ ...target, environment }],
    });
    kubernetes = connectKubernetes({ kubeconfig: plane.kubeconfig, context: null });
    const spec = { automountServiceAccountToken: false, containers: [{ name: target.container, image: "none" }] };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: target.pod }, spec };
    await plane.api.create("/api/v1/namespaces/default/pods", pod);
    await until("the pod running", async () => {
      const [found] = await kubernetes.pods("default", "");
      return found?.phase === "Running" ? true : null;
    });
  });
  after(async () => plane?.stop());

  it("give signs of life, and so are still Ready when their grace is long over", async () => {
    const readiness = async (): Promise<Map<string, { status: string; at: number }>> => {
      const { items } = await plane.api.get<{ items: Node[] }>("/api/v1/nodes");
      const ofNode = ({ status }: Node): { status: string; at: number } => {
        const { status: value, lastHeartbeatTime } = status.conditions.find(({ type }) => type === "Ready")!;
        return { status: value, at: Date.parse(lastHeartbeatTime) };
      };
      return new Map(items.map((item) => [item.metadata.name, ofNode(item)]));
    };
    const first = await readiness();
    assert.deepEqual([...first.keys()].sort(), nodeNames);
    const last = await until("a sign of each node's after twice its grace", async () => {
      const now = await readiness();
      const alive = nodeNames.filter((name) => now.get(name)!.at - first.get(name)!.at > 2 * graceSeconds * 1000);
      return alive.length === nodeNames.length ? now : null;
    });
    assert.deepEqual(
      [...last.values()].map(({ status }) => status),
      ["True", "True", "True"],
    );
  });

  const run = (
    script: string,
    more: { stdin?: string; timeoutSeconds?: number } = {},
  ): ReturnType<KubernetesSite["exec"]> =>
    kubernetes.exec(target.namespace, target.pod, target.container, ["sh", "-c", script], {
      timeoutSeconds: 20,
      ...more,
    });

  for (const code of [0, 3, 124]) {
    it(`exec that ends with ${code} says so, though kwok calls it an internal error`, async () => {
      const { exitCode, stdout } = await run(`echo said; exit ${code}`);
      assert.deepEqual({ exitCode, stdout }, { exitCode: code, stdout: "said\n" });
    });
  }

  it("exec leaves the child's input open: who reads it to its end is given up in time, who does not is none the worse", async () => {
    await assert.rejects(run("cat", { stdin: "a line\n", timeoutSeconds: 2 }), /did not end within 2 seconds/);
    assert.equal((await run('read -r line; echo "$line"', { stdin: "a line\n" })).stdout, "a line\n");
  });
});
