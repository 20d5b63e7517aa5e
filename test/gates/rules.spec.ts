import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explainGate, fillQuotedValues, listGateRules } from "../../lib/gates/explain.js";
import { getGateByName } from "../../lib/gates/registry.js";
import { gateNames } from "../../lib/planning/rules/types.js";
import { loadRules } from "../../lib/planning/rules/rules.js";

const root = join(__dirname, "../../lib/gates");
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  // What gates share, beside a folder for each gate.
  .filter((name) => !["consent", "recording", "run"].includes(name));

/** Codes as the sources write them; words in messages are told apart by their form. */
function codesIn(...paths: string[]): string[] {
  const sources = paths.map((path) => readFileSync(path, "utf8")).join("\n");
  return [...new Set([...sources.matchAll(/"([A-Z]+(?:_[A-Z]+)+)"/g)].map((match) => match[1]!))].sort();
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

describe("the rules that gates explain", () => {
  const known = new Set(loadRules("gate-rules").flatMap(({ rules }) => rules.map(({ code }) => code)));

  for (const folder of folders) {
    it(`lib/gates/${folder} uses no code that no rule tells`, () => {
      assert.deepEqual(
        codesIn(...filesOf(join(root, folder))).filter((code) => !known.has(code)),
        [],
      );
    });
  }

  it("no rule is told that no source uses", () => {
    const sources = [root, join(root, "../base"), join(root, "../site")]
      .flatMap(filesOf)
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");
    assert.deepEqual(
      [...known].filter((code) => !sources.includes(code)),
      [],
    );
  });

  it("mongo-replica-set explains G01 to G20 and what it looks at live, each with its codes and defaults", () => {
    const text = explainGate(getGateByName("mongo"));
    const ids = [...text.matchAll(/^ {2}(G\d\d|live|every gate):/gm)].map((match) => match[1]);
    const rules = Array.from({ length: 20 }, (_, index) => `G${String(index + 1).padStart(2, "0")}`);
    assert.deepEqual(ids, [...rules, "live", "every gate"]);
    for (const part of [
      "  G11: data within 10 s of the primary's (default; plus a delayed member's delay)\n    LAG  wait     further behind",
      "  G15: 3 passing samples in a row, 10 s apart (default), same primary, term and configuration\n",
      "    OPLOG_SHORT       fail     an oplog reaches less far back than a member may be away (default 3600 s)\n",
      "  whole file: https://github.com/mongodb/mongo/blob/0178cdf2/src/mongo/db/repl/topology_coordinator.cpp\n",
      "Upgrade Hangs: https://github.com/spectrocloud/librarium/blob/0024234677fccbe2973b8ac33a7049d5d62e0fdf/docs/docs-content/troubleshooting/palette-upgrade.md",
    ]) {
      assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
    }
  });

  it("a text that quotes what is no default is refused, not printed", () => {
    const gate = getGateByName("rollout");
    assert.match(explainGate(gate), /hopeless state over 300 s/);
    for (const name of gateNames) {
      const texts = listGateRules(getGateByName(name)).flatMap((row) => [
        row.demands ?? "",
        ...row.rules.map(({ meaning }) => meaning),
      ]);
      assert.deepEqual(
        texts.filter((text) => /[{}]/.test(text)),
        [],
        name,
      );
    }
    assert.throws(() => fillQuotedValues("{mongo.lag} s", gate), {
      message: "data/gate-rules.json quotes {mongo.lag}, which is neither a default of the settings nor a constant.",
    });
  });

  it("a rule that the judge names in a reason is one that is explained", () => {
    const ids = filesOf(join(root, "mongo-replica-set"))
      .map((path) => readFileSync(path, "utf8"))
      .flatMap((source) => [...source.matchAll(/rule: "(G\d\d)"/g)].map((match) => match[1]!));
    const explained = new Set(listGateRules(getGateByName("mongo")).map(({ chapter }) => chapter));
    assert.ok(ids.length > 0);
    assert.deepEqual(ids.filter((id) => !explained.has(id)), []); // prettier-ignore
  });

  for (const name of gateNames) {
    it(`${name} explains what it reads, when a hop has it, its rules and sources`, () => {
      const text = explainGate(getGateByName(name));

      for (const part of [
        `${name}: passes after `,
        "Reads, and never writes:\n  ",
        "Hops that have it:\n  ",
        "CLUSTER_MISMATCH",
        "Sources:\n  ",
      ]) {
        assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
      }
    });
  }
});

describe("the registry", () => {
  it("knows mongo as short for mongo-replica-set", () => {
    assert.equal(getGateByName("mongo").name, "mongo-replica-set");
  });

  it("holds every gate that the plan may name", () => {
    assert.deepEqual(
      gateNames.map((name) => getGateByName(name).name),
      [...gateNames],
    );
  });

  for (const name of ["mongoo", "", "constructor"])
    it(`refuses a gate that nobody knows: "${name}"`, () => {
      assert.throws(() => getGateByName(name), {
        code: "GATE_UNKNOWN",
        exitCode: 2,
        message: `gate: "${name}" is not known.`,
      });
    });
});
