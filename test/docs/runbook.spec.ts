import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

/** Rooms whose refusals end an update or a preview; those of an act and of a command's own options explain themselves. */
const rooms = ["base", "planning", "settings", "site", "engine", "gates", "journal", "program", "driver"];

const lib = join(findPackageRoot(), "lib");
const runbook = readFileSync(join(findPackageRoot(), "docs", "runbook.md"), "utf8");

/** Of an act alone, though its client lies in `site`. */
const ofActs = ["PCG_OFFER_CHANGED"];

function readSources(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return files.map((name) => readFileSync(join(folder, name), "utf8"));
}

/** Codes with which a source refuses, or says that it is not yet the time, sorted. */
function listRefusalCodes(sources: readonly string[]): string[] {
  const found = sources.flatMap((text) =>
    [...text.matchAll(/new (?:RefusedError|NotNowError)\(\s*"([A-Z_]+)"/g)].map(([, code]) => code!),
  );
  return [...new Set(found)].sort();
}

/** Codes in the first column of the runbook's tables. */
function listTableCodes(text: string): string[] {
  const cells = [...text.matchAll(/^\| (`[A-Z].*?) +\|/gm)].map(([, cell]) => cell!);
  return cells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code!));
}

describe("docs/runbook.md", () => {
  const listed = listTableCodes(runbook);

  it("its tables have each code with which an update or a preview refuses, or is not now", () => {
    const codes = listRefusalCodes(rooms.flatMap((room) => readSources(join(lib, room))));
    assert.ok(codes.length > 30, codes.join(" "));
    assert.deepEqual(
      codes.filter((code) => !listed.includes(code) && !ofActs.includes(code)),
      [],
    );
  });

  it("lists no code twice, and none that the program does not know", () => {
    const known = new Set(readSources(lib).flatMap((text) => text.match(/\b[A-Z][A-Z_]+\b/g) ?? []));
    assert.deepEqual(
      listed.filter((code, index) => listed.indexOf(code) !== index || !known.has(code)),
      [],
    );
  });

  it("negative twin: a code over two lines is found, and a table's row is read with all its codes", () => {
    const source =
      'throw new RefusedError(\n    "NEW_CODE",\n  "…");\nnew NotNowError("LATER", "…"); new OtherError("NOT");';
    assert.deepEqual(listRefusalCodes([source]), ["LATER", "NEW_CODE"]);
    assert.deepEqual(listTableCodes("| `ONE`, `TWO` (not now) | `NO` | … |\nText `NEVER`.\n| Code | … |"), [
      "ONE",
      "TWO",
    ]);
  });
});
