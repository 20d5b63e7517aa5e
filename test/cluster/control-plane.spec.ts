import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { startControlPlane } from "./support/control-plane.js";
import { ownToolsOrSkip } from "./support/global-setup.js";
import { print } from "./support/measures.js";

/** Process ids whose command line names this folder. */
function processesIn(folder: string): string[] {
  if (!existsSync("/proc")) return [];
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder);
    } catch {
      return false;
    }
  });
}

const why = "a control plane of our own is started here";

describe("a control plane of our own", () => {
  it("is ready in seconds, and leaves neither process nor file behind", async function () {
    const plane = await startControlPlane({ tools: ownToolsOrSkip(this, why) });
    const running = processesIn(plane.folder);
    await plane.stop();
    print(`ready in ${(plane.startedInMs / 1000).toFixed(1)} s`);
    if (existsSync("/proc")) assert.ok(running.length >= 4, `seen: ${running.join(", ")}`);
    assert.deepEqual(processesIn(plane.folder), []);
    assert.equal(existsSync(plane.folder), false);
  });

  it("that cannot start is torn down, and says what its part said last", async function () {
    const tools = { ...ownToolsOrSkip(this, why), "kube-apiserver": "/bin/false" };
    const before = processesIn("palette-cluster-");
    await assert.rejects(startControlPlane({ tools }), /^Error: kube-apiserver ended while/);
    assert.deepEqual(processesIn("palette-cluster-"), before);
  });
});
