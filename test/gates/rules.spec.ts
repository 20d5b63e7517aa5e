import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explainGate } from "../../lib/gates/explain.js";
import { gateByName, implementedGates, isImplemented } from "../../lib/gates/registry.js";
import { commonRules, gateRules } from "../../lib/gates/rules.js";
import { gateNames } from "../../lib/gates/types.js";

const root = join(__dirname, "../../lib/gates");
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith("mongo"))
  .map(({ name }) => name);

/** Codes as the sources write them; words in messages are told apart by their form. */
function codesIn(...paths: string[]): string[] {
  const sources = paths.map((path) => readFileSync(path, "utf8")).join("\n");
  return [...new Set([...sources.matchAll(/"([A-Z]+(?:_[A-Z]+)+)"/g)].map((match) => match[1]!))].sort();
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

describe("the rules that gates explain", () => {
  const known = new Set([...commonRules, ...Object.values(gateRules).flat()].map(({ code }) => code));

  for (const folder of folders) {
    it(`lib/gates/${folder} uses no code that no rule tells`, () => {
      assert.deepEqual(
        codesIn(...filesOf(join(root, folder))).filter((code) => !known.has(code)),
        [],
      );
    });
  }

  it("no rule is told that no source uses", () => {
    const sources = [
      root,
      ...["accept", "charts", "site"].map((name) => join(root, "..", name)),
      ...folders.map((folder) => join(root, folder)),
    ]
      .flatMap(filesOf)
      .filter((path) => !path.endsWith("/rules.ts"))
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");
    assert.deepEqual(
      [...known].filter((code) => !sources.includes(code)),
      [],
    );
  });

  for (const name of implementedGates()) {
    it(`${name} explains what it reads, when a hop has it, its rules and sources`, () => {
      const text = explainGate(gateByName(name));

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
    assert.equal(gateByName("mongo").name, "mongo-replica-set");
  });

  it("holds the gates that are built, in the order of the contract", () => {
    const later = ["images", "promotion"];

    assert.deepEqual(
      implementedGates(),
      gateNames.filter((name) => !later.includes(name)),
    );
    assert.deepEqual([isImplemented("rollout"), isImplemented("promotion")], [true, false]);
  });

  it("tells a gate that is only planned from one that nobody knows", () => {
    assert.throws(() => gateByName("promotion"), {
      code: "GATE_UNKNOWN",
      exitCode: 2,
      message: 'gate: "promotion" can be planned, but not yet be run.',
    });
    assert.throws(() => gateByName("mongoo"), { code: "GATE_UNKNOWN", message: 'gate: "mongoo" is not known.' });
  });
});
