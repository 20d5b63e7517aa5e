import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";
import { selectGateSecrets } from "../../../lib/gates/run/secrets-of-gate.js";
import { gateNames } from "../../../lib/gates/verdict/types.js";

const all = { apiKeys: ["key-0", "key-1"], mongoUri: "mongodb://u:p@h/", chartsPassword: "pw" };
const none = { apiKeys: ["", ""], mongoUri: "", chartsPassword: "" };

/** What of a site is reached by which secret. */
const uses = {
  apiKeys: /site\.tenants\b/,
  mongoUri: /\{ mongo \} = input\.site\b|site\.mongo\b/,
  chartsPassword: /site\.charts\b/,
} as const;

/** The text of a file and of all that it imports below lib/gates. */
function readWithImports(file: string, read = new Set<string>()): string {
  if (read.has(file) || !file.includes(join("lib", "gates")) || !existsSync(file)) return "";
  read.add(file);
  const text = readFileSync(file, "utf8");
  const imported = [...text.matchAll(/^(?!import type).* from "(\.[^"]+)\.js"/gm)].map((match) =>
    readWithImports(resolve(dirname(file), `${match[1]}.ts`), read),
  );
  return [text, ...imported].join("\n");
}

describe("the secrets that a gate's process gets", () => {
  for (const gate of gateNames) {
    it(`${gate}: those of what its code asks, and no other`, () => {
      const text = readWithImports(join(findPackageRoot(), "lib/gates", gate, "gate.ts"));
      assert.ok(text.length > 0);
      const needed = (Object.keys(uses) as (keyof typeof uses)[]).filter((secret) => uses[secret].test(text));
      const expected = { ...none, ...Object.fromEntries(needed.map((secret) => [secret, all[secret]])) };
      assert.deepEqual(selectGateSecrets(gate, all), expected);
    });
  }
});
