import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { judgeSaved } from "../../../lib/gates/mongo-replica-set/judge-saved.js";
import { parseSaved } from "../../../lib/gates/mongo-replica-set/text/saved.js";

interface Meta {
  expected: "healthy" | "unhealthy";
  failedRules: string[];
}

const shared = process.env["PALETTE_SHARED"] ?? path.join(__dirname, "../../../../shared");
const folder = path.join(shared, "data/rs-status");

/** Rules that do not hold beyond those the corpus lists, with why. */
const stricter: Record<string, string[]> = {
  // A hand-edited document: its PRIMARY is not the one asked and yet has no heartbeat, which no server sends.
  "50-datadog-4-arbiter-viewpoint-lag100.json": ["G10"],
};

const now = new Date("2026-11-21T00:00:00Z");

/** Every document of the corpus with what is expected of it. */
function documents(): { name: string; text: string; meta: Meta }[] {
  const names = readdirSync(folder).filter((name) => /^\d+-/.test(name) && !name.endsWith(".meta.json"));
  return names.map((name) => ({
    name,
    text: readFileSync(path.join(folder, name), "utf8"),
    meta: JSON.parse(readFileSync(path.join(folder, name.replace(/\.\w+$/, ".meta.json")), "utf8")) as Meta,
  }));
}

describe("the corpus of saved documents", function () {
  before(function () {
    if (existsSync(folder)) return;
    this.test?.parent?.tests.forEach(
      (test) => (test.title += " (skipped: the shared corpus is not beside this checkout)"),
    );
    this.skip();
  });

  it("is judged as expected, every document, with the rules that do not hold", () => {
    const names = readdirSync(folder).filter((name) => /^\d+-/.test(name) && !name.endsWith(".meta.json"));
    assert.ok(names.length >= 62);
    const now = new Date("2026-11-21T00:00:00Z");
    for (const name of names) {
      const meta = JSON.parse(readFileSync(path.join(folder, name.replace(/\.\w+$/, ".meta.json")), "utf8")) as Meta;
      const text = readFileSync(path.join(folder, name), "utf8");
      const verdict = judgeSaved(parseSaved(text, now), { expectedMembers: null, maxLagSeconds: 10 });
      assert.equal(verdict.outcome === "pass", meta.expected === "healthy", name);
      const rules = (verdict.observed as { failedRules: string[] }).failedRules;
      assert.deepEqual(rules, [...meta.failedRules, ...(stricter[name] ?? [])].sort(), name);
    }
  });

  it("never passes when a document is cut", () => {
    const names = readdirSync(folder).filter((name) => /^\d+-/.test(name) && !name.endsWith(".meta.json"));
    for (const name of names) {
      const text = readFileSync(path.join(folder, name), "utf8");
      const end = text.lastIndexOf("}");
      for (const part of [0.2, 0.5, 0.8, 0.95, 0.999]) {
        const cut = text.slice(0, Math.floor(end * part));
        const { outcome } = judgeSaved(parseSaved(cut, new Date()), { expectedMembers: null, maxLagSeconds: 10 });
        assert.notEqual(outcome, "pass", `${name} cut at ${part}`);
      }
    }
  });

  it("never passes when one member of a healthy document is broken", () => {
    const breaks: [string, RegExp][] = [
      ["health", numberAt("health", "1")],
      ["the PRIMARY's or a SECONDARY's state", numberAt("state", "[12]")],
    ];
    let broken = 0;
    for (const { name, text } of documents().filter(({ meta }) => meta.expected === "healthy")) {
      for (const [what, pattern] of breaks) {
        for (const found of text.matchAll(pattern)) {
          const at = found.index + found[1]!.length;
          const changed = `${text.slice(0, at)}${what === "health" ? 0 : 8}${text.slice(at + found[2]!.length)}`;
          const { outcome } = judgeSaved(parseSaved(changed, now), { expectedMembers: null, maxLagSeconds: 10 });
          assert.notEqual(outcome, "pass", `${name}: ${what} at ${at}`);
          broken += 1;
        }
      }
    }
    assert.ok(broken > 100, `${broken} documents were broken`);
  });
});

/** A number, plain or wrapped, behind its key in any form that a shell or driver prints. */
function numberAt(key: string, value: string): RegExp {
  return new RegExp(
    String.raw`((?<![\w$])["']?${key}["']?\s*:\s*(?:\{\s*"\$number\w+"\s*:\s*")?)(${value}(?:\.0)?)(?![\w.])`,
    "g",
  );
}
