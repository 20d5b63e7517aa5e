// Runs what starts often once, on a simulated site of its own, so that what V8 keeps of the bundles (compiled.cjs) holds
// the functions that a preview, a gate and a plan call.
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { createEmbeddedEngine } = require("../dist/packages/rehearsal/lib/engine/engine.js");
const { createRehearsalConfig, rehearsedGateways } = require("../dist/packages/rehearsal/lib/rehearse.js");
const { startSimulatedSite } = require("../dist/packages/rehearsal/lib/site/server.js");
const { RehearsalWorkspace } = require("../dist/packages/rehearsal/lib/workspace.js");
const { loadMatrix } = require("../dist/lib/planning/matrix/load.js");
const { planRoute } = require("../dist/lib/planning/plan/plan.js");
const { listExpectedReleases } = require("../dist/lib/planning/rules/rules.js");

const projectDir = join(__dirname, "..");
const route = { from: "4.6.41", to: "4.7.20", matrix: "palette-kubernetes-4.7.20" };
const keeping = { NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "keep-compiled.cjs"))}` };
/** One gate for each way of asking: exec in a pod, Kubernetes alone, Palette's API. */
const gates = ["mongo-replica-set", "rollout", "pcg-readiness"];

async function warmUp(folder) {
  const plan = planRoute({ ...route, matrix: loadMatrix(route.matrix), facts: { pcgs: true } });
  const workspace = new RehearsalWorkspace(folder);
  for (const version of [plan.from, plan.hops[0].to]) workspace.writeCharts(version, listExpectedReleases(version, {}));
  const { edition } = plan.matrix;
  const options = { version: plan.from, edition, stateFile: null, faults: [], directory: folder };
  const site = await startSimulatedSite({ ...options, pcgs: rehearsedGateways });
  try {
    const environment = { ...site.environment, ...keeping };
    const engine = createEmbeddedEngine({
      projectDir,
      stack: "warm-up",
      stateFile: workspace.stateFile,
      config: createRehearsalConfig({ plan, target: route.to, workspace, projectDir }, site),
      environment,
    });
    const { ok, diagnostics } = await engine.preview();
    if (!ok) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
    await runTool(["plan", "--from", "4.1.12", "--to", route.to, "--matrix", route.matrix], environment);
    for (const gate of gates)
      await runTool(["gate", gate, "--to", route.to, "--kubeconfig", site.kubeconfig], environment);
  } finally {
    await site.stop();
  }
}

/** What a gate answers does not matter: it has started, asked and judged. */
async function runTool(args, environment) {
  const env = { ...process.env, ...environment };
  const command = [join(projectDir, "bin/palette-upgrade"), ...args];
  await once(spawn(process.execPath, command, { env, stdio: "ignore" }), "close");
}

const folder = mkdtempSync(join(tmpdir(), "palette-warm-up-"));
warmUp(folder).finally(() => rmSync(folder, { recursive: true }));
