import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RehearsalWorkspace, type RehearsalInput } from "../lib/workspace.js";

const route: RehearsalInput = { from: "4.1.12", to: "4.7.20", matrix: "m", strategy: "guideline", faults: [] };
const faulty: RehearsalInput = { ...route, faults: [{ name: "api-500" }] };

describe("rehearsal folder", () => {
  let base: string;
  let folder: string;
  const open = (question: RehearsalInput, fresh = false): { resumes: boolean; release: () => void } =>
    new RehearsalWorkspace(folder).open(question, fresh);
  /** Opens, says how it ended, and lets go. */
  const run = (question: RehearsalInput, end: "refused" | "done" | null): boolean => {
    const { resumes, release } = open(question);
    if (end !== null) new RehearsalWorkspace(folder).close(question, end);
    release();
    return resumes;
  };
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "workspace-"));
    folder = join(base, "r");
  });
  afterEach(() => rmSync(base, { recursive: true }));

  it("a folder with other files is refused and left as it is", () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "precious.txt"), "p");
    assert.throws(() => open(route), {
      code: "DIR_FOREIGN",
      message: /holds other files and no rehearsal; nothing in it was touched/,
    });
    assert.equal(readFileSync(join(folder, "precious.txt"), "utf8"), "p");
  });

  it("a file is refused and left as it is", () => {
    writeFileSync(folder, "p");
    assert.throws(() => open(route), { code: "DIR_FOREIGN", message: /is a file/ });
    assert.equal(readFileSync(folder, "utf8"), "p");
  });

  it("a new and an empty folder are taken; starting anew removes what is a rehearsal's and nothing else", () => {
    mkdirSync(folder);
    run(route, "done");
    writeFileSync(join(folder, "site.json"), "{}");
    writeFileSync(join(folder, "notes.txt"), "mine");
    assert.equal(run(route, null), false);
    assert.deepEqual([existsSync(join(folder, "site.json")), existsSync(join(folder, "notes.txt"))], [false, true]);
  });

  for (const [title, first, end, second, resumes] of [
    ["the same question, interrupted", route, null, route, true],
    ["the same question, refused", faulty, "refused", faulty, true],
    ["a refused route without its faults: they are fixed", faulty, "refused", route, true],
    ["a route that is done", route, "done", route, false],
    ["another route", route, null, { ...route, to: "4.6.41" }, false],
    ["a fault on a route that was interrupted", route, null, faulty, false],
  ] as const) {
    it(`${title} ${resumes ? "goes on" : "starts anew"}`, () => {
      run(first, end);
      assert.equal(run(second, null), resumes);
    });
  }

  it("a second rehearsal in it is refused before it touches anything", () => {
    const { release } = open(route);
    writeFileSync(join(folder, "site.json"), "{}");
    assert.throws(() => open(faulty, true), { code: "STACK_LOCKED", exitCode: 5 });
    assert.ok(existsSync(join(folder, "site.json")));
    release();
  });
});
