import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidInputError } from "../../../lib/base/errors/errors.js";
import { runPlanCommand, type PlanOptions } from "../../../lib/cli/plan/plan-command.js";
import { parseFacts } from "../../../lib/cli/plan/plan-options.js";
import type { Plan } from "../../../lib/planning/plan/types.js";

const seed = "palette-kubernetes-4.7.20";
const today = "2026-11-21";
const planned = async (options: PlanOptions): Promise<Plan> =>
  JSON.parse((await runPlanCommand({ today, ...options, output: "json" })).text) as Plan;
const routeVersions = (plan: Plan): string[] => plan.hops.map((hop) => hop.to);

describe("plan command", () => {
  it("4.1.12 -> 4.7.20 is seven hops, exit 0", async () => {
    const { text, exitCode } = await runPlanCommand({ from: "4.1.12", to: "4.7.20", matrix: seed, today });
    assert.equal(exitCode, 0);
    assert.match(text, /4\.1\.12 -> 4\.2\.7 -> 4\.2\.13 -> 4\.3\.6 -> 4\.4\.20 -> 4\.5\.23 -> 4\.6\.41 -> 4\.7\.20/);
  });

  const exits: [title: string, options: PlanOptions, exitCode: number][] = [
    ["a refusal ends with 3", { from: "4.6.43", to: "4.7.20", matrix: seed }, 3],
    ["warnings end with 0", { from: "4.1.12", to: "4.7.20", matrix: seed }, 0],
    [
      "warnings end with 4 where asked for",
      { from: "4.1.12", to: "4.7.20", matrix: seed, warningsAsExitCode: true },
      4,
    ],
    ["no warning, no 4", { from: "4.2.13", to: "4.3.6", matrix: seed, warningsAsExitCode: true }, 0],
    ["a refusal is 3 all the same", { from: "4.6.43", to: "4.7.20", matrix: seed, warningsAsExitCode: true }, 3],
  ];
  for (const [title, options, exitCode] of exits) {
    it(title, async () => assert.equal((await runPlanCommand({ today, ...options })).exitCode, exitCode));
  }

  it("without a matrix the newest shipped one is used, and a warning says so", async () => {
    const plan = await planned({ from: "4.8.52", to: "4.9.51", edition: "vertex", method: "appliance" });
    assert.equal(plan.matrix.id, "vertex-appliance-4.9.51");
    assert.deepEqual(
      plan.warnings.filter((warning) => warning.code === "DEFAULT_MATRIX"),
      [
        {
          code: "DEFAULT_MATRIX",
          message:
            "No matrix was named, so vertex-appliance-4.9.51 was used, the newest shipped one for edition vertex and method appliance; a stack pins its own (palette:matrix).",
        },
      ],
    );
  });

  it("a named matrix brings its edition and method, and no such warning", async () => {
    const plan = await planned({ from: "4.6.41", to: "4.7.20", matrix: "vertex-kubernetes-4.7.20" });
    assert.deepEqual([plan.matrix.edition, plan.matrix.method], ["vertex", "kubernetes"]);
    assert.ok(!plan.warnings.some((warning) => warning.code === "DEFAULT_MATRIX"));
  });

  it("strategy, via, avoid and facts reach the planner", async () => {
    const base = { from: "4.5.20", to: "4.7.20", matrix: seed };
    assert.deepEqual(routeVersions(await planned(base)), ["4.5.23", "4.6.41", "4.7.20"]);
    assert.deepEqual(routeVersions(await planned({ ...base, route: "fewest-hops" })), ["4.6.41", "4.7.20"]);
    assert.deepEqual(routeVersions(await planned({ ...base, avoid: ["4.5.23"] })), ["4.5.21", "4.6.41", "4.7.20"]);
    assert.ok(routeVersions(await planned({ ...base, via: ["4.5.21"] })).includes("4.5.21"));
    const gates = async (options: Partial<PlanOptions>): Promise<string[]> =>
      (await planned({ ...base, ...options })).hops[0]!.gates.map((gate) => gate.name);
    assert.ok((await gates({ pcgs: true })).includes("pcg-readiness"));
    assert.ok(!(await gates({ pcgs: false })).includes("pcg-readiness"));
    assert.ok(!(await gates({ fact: ["pcgs=false"] })).includes("pcg-readiness"));
  });

  it("a matrix file of the user's own is planned by", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plan-command-"));
    try {
      const file = join(folder, "broken.json");
      writeFileSync(file, "{");
      await assert.rejects(runPlanCommand({ from: "4.6.41", to: "4.7.20", matrix: file }), (error) => {
        assert.ok(error instanceof InvalidInputError);
        assert.deepEqual([error.code, error.exitCode], ["MATRIX_NOT_JSON", 2]);
        return true;
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const invalid: [title: string, options: PlanOptions, code: string][] = [
    ["a series as source", { from: "4.6", to: "4.7.20", matrix: seed }, "VERSION_INVALID"],
    ["a target that is nothing", { from: "4.6.41", to: "newest", matrix: seed }, "TARGET_INVALID"],
    ["a matrix nobody ships", { from: "4.6.41", to: "4.7.20", matrix: "palette-kubernetes-4.7.21" }, "MATRIX_UNKNOWN"],
    ["a missing file", { from: "4.6.41", to: "4.7.20", matrix: "no/such/file.json" }, "MATRIX_FILE_MISSING"],
    [
      "another method's matrix",
      { from: "4.6.41", to: "4.7.20", matrix: seed, method: "vmware" },
      "MATRIX_DOES_NOT_FIT",
    ],
    [
      "another edition's matrix",
      { from: "4.6.41", to: "4.7.20", matrix: seed, edition: "vertex" },
      "MATRIX_DOES_NOT_FIT",
    ],
    ["a fact nobody knows", { from: "4.6.41", to: "4.7.20", matrix: seed, fact: ["weather=fine"] }, "FACT_INVALID"],
  ];
  for (const [title, options, code] of invalid) {
    it(`${title} is ${code}, exit 2`, async () => {
      await assert.rejects(runPlanCommand({ today, ...options }), (error) => {
        assert.ok(error instanceof InvalidInputError, String(error));
        assert.deepEqual([error.code, error.exitCode], [code, 2]);
        assert.ok(error.next);
        return true;
      });
    });
  }
});

describe("facts on the command line", () => {
  it("are read as what they are", () => {
    assert.deepEqual(parseFacts(["pcgs=true", "airgap=false", "cloud=gke"]), {
      pcgs: true,
      airgap: false,
      cloud: "gke",
    });
    assert.deepEqual(parseFacts([]), {});
  });
  for (const word of ["airgap", "airgap=yes", "airgap=true=true", "cloud=moon", "__proto__=true", ""]) {
    it(`"${word}" is refused`, () => {
      assert.throws(() => parseFacts([word]), {
        code: "FACT_INVALID",
        message: `fact: "${word}" is nothing that can be known of a site.`,
      });
    });
  }
});
