/** A settled preview of the program against one of a plain program that declares the same resources, turn by turn. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPackageRoot } from "../lib/base/process/package-root.js";
import type { Engine } from "../lib/engine/engine.js";
import { loadMatrix } from "../lib/planning/matrix/load.js";
import { planRoute } from "../lib/planning/plan/plan.js";
import { listExpectedReleases } from "../lib/planning/rules/rules.js";
import { createEmbeddedEngine } from "../packages/rehearsal/lib/engine/engine.js";
import type { ResourceProvider } from "../packages/rehearsal/lib/engine/providers/provider.js";
import { createRehearsalConfig, rehearsedGateways } from "../packages/rehearsal/lib/rehearse.js";
import { startSimulatedSite } from "../packages/rehearsal/lib/site/server.js";
import { RehearsalWorkspace } from "../packages/rehearsal/lib/workspace.js";
import { median, milliseconds } from "./timing.js";

const runs = 7;
const installed = "4.6.41";
const goal = { ratio: 1.15, memory: 200 };

interface Usage {
  cpu: number;
  wall: number;
  memory: number;
}

/** False where a settled preview takes more than the aims. */
export async function benchPreview(say: (line: string) => void): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "palette-bench-"));
  const usageFile = join(folder, "usage");
  const environment = {
    BENCH_USAGE: usageFile,
    NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "usage.cjs"))}`,
  };
  const workspace = new RehearsalWorkspace(join(folder, "r"));
  workspace.writeCharts(installed, listExpectedReleases(installed, {}));
  const options = { version: installed, edition: "palette", stateFile: null } as const;
  const site = await startSimulatedSite({
    ...options,
    faults: [],
    directory: workspace.folder,
    pcgs: rehearsedGateways,
  });
  try {
    const projectDir = findPackageRoot();
    const plan = planRoute({
      from: installed,
      to: "4.7.20",
      matrix: loadMatrix("palette-kubernetes-4.7.20"),
      facts: { pcgs: true },
    });
    const program = createEmbeddedEngine({
      projectDir,
      stack: "bench",
      stateFile: workspace.stateFile,
      config: createRehearsalConfig({ plan, target: installed, workspace, projectDir }, site),
      environment: { ...site.environment, ...environment },
    });
    await requireOk(program, "up");
    const plain = createPlainEngine(folder, readFileSync(workspace.stateFile, "utf8"), environment);
    await requireOk(plain, "up");
    const measure = async (engine: Engine): Promise<Usage> => {
      rmSync(usageFile, { force: true });
      await requireOk(engine, "preview");
      return JSON.parse(readFileSync(usageFile, "utf8").trim().split("\n").at(-1)!) as Usage;
    };
    const turns: { own: Usage; other: Usage }[] = [];
    for (let turn = 0; turn <= runs; turn++) turns.push({ own: await measure(program), other: await measure(plain) });
    return report(say, turns.slice(1));
  } finally {
    await site.stop();
    rmSync(folder, { recursive: true });
  }
}

function report(say: (line: string) => void, turns: { own: Usage; other: Usage }[]): boolean {
  const [own, other] = (["own", "other"] as const).map((side) => ({
    cpu: median(turns.map((turn) => turn[side].cpu)),
    wall: median(turns.map((turn) => turn[side].wall)),
    memory: median(turns.map((turn) => turn[side].memory)),
  })) as [Usage, Usage];
  const cpu = own.cpu / other.cpu;
  const wall = own.wall / other.wall;
  say("");
  say(`Settled preview on the embedded engine, the program's process, median of ${runs} runs in turn`);
  say(`${milliseconds(other.cpu)}  CPU of a plain program of the same resources, ${other.memory.toFixed(0)} MiB`);
  say(
    `${milliseconds(own.cpu)}  CPU of the program (${cpu.toFixed(2)} x, wall ${wall.toFixed(2)} x, aim: ${goal.ratio}), ` +
      `${own.memory.toFixed(0)} MiB (aim: ${goal.memory})`,
  );
  return cpu <= goal.ratio && wall <= goal.ratio && own.memory <= goal.memory;
}

async function requireOk(engine: Engine, operation: "up" | "preview"): Promise<void> {
  const { ok, diagnostics } = await engine[operation]();
  if (!ok) throw new Error(`${operation}: ${diagnostics.map(({ message }) => message).join("\n")}`);
}

/** Keeps what it is given: the plain program is about declaring alone. */
const silent: ResourceProvider = {
  planOutputs: (inputs) => inputs,
  planId: ({ name }) => name,
  create: (inputs, { name }) => Promise.resolve({ id: name, outputs: inputs }),
  update: (_id, _olds, inputs) => Promise.resolve({ outputs: inputs }),
  delete: () => Promise.resolve(),
};

function createPlainEngine(folder: string, state: string, environment: Record<string, string>): Engine {
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: plain\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "plain", main: "plain.js" }));
  writeFileSync(join(folder, "plain.js"), plainSource);
  writeFileSync(join(folder, "resources.json"), state);
  symlinkSync(join(findPackageRoot(), "node_modules"), join(folder, "node_modules"));
  return createEmbeddedEngine({
    projectDir: folder,
    stack: "bench",
    stateFile: join(folder, "plain.json"),
    config: {},
    environment,
    providers: { "command:local:Command": silent, "kubernetes:helm.sh/v3:Release": silent },
  });
}

const plainSource = `
const pulumi = require("@pulumi/pulumi");
const { local } = require("@pulumi/command");
const kubernetes = require("@pulumi/kubernetes");
const { resources } = JSON.parse(require("node:fs").readFileSync(__dirname + "/resources.json", "utf8"));
for (const { urn, type, inputs } of resources) {
  const name = urn.split("::").at(-1);
  if (type === "command:local:Command") new local.Command(name, inputs);
  else if (type === "kubernetes:helm.sh/v3:Release") new kubernetes.helm.v3.Release(name, inputs);
  else if (type.startsWith("palette")) new pulumi.ComponentResource(type, name, {});
}
`;
