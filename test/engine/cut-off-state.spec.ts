import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCutOffError, findCutOffFiles } from "../../lib/engine/cut-off-state.js";
import { explainOpening } from "../../lib/engine/engine-faults.js";

describe("a state that a kill cut off", () => {
  let folder: string;
  const place = (name: string): string => join(folder, ".pulumi/stacks/palette", name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "backend-"));
    mkdirSync(place("."), { recursive: true });
    for (const name of ["dev.json", "dev.json.attrs", "prod.json"]) writeFileSync(place(name), "{}");
    writeFileSync(place("prod.json.attrs"), "");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("empty attributes are found, and only they are to be deleted", () => {
    writeFileSync(place("dev.json.attrs"), "");
    const files = findCutOffFiles(folder, "palette", "organization/palette/dev");
    assert.deepEqual(files, [{ file: place("dev.json.attrs"), line: 0 }]);
    const { code, exitCode, message, next } = createCutOffError(files);
    assert.deepEqual(
      [code, exitCode, message],
      [
        "STATE_CUT_OFF",
        2,
        `A run was killed while Pulumi wrote the stack's state, and the state cannot be read. Empty: ${files[0]!.file}.`,
      ],
    );
    assert.match(next!, new RegExp(`^Delete ${files[0]!.file}: it holds no state`));
  });

  it("an empty state is never to be deleted, but put back", () => {
    writeFileSync(place("dev.json"), "");
    const files = findCutOffFiles(folder, "palette", "dev");
    assert.deepEqual(files, [{ file: place("dev.json"), line: 0 }]);
    assert.match(
      createCutOffError(files).next!,
      /^Put the stack's newest whole state back in its place: the \.bak file/,
    );
    assert.doesNotMatch(createCutOffError(files).next!, /Delete/);
  });

  const cutOff: [title: string, text: string, line: number][] = [
    ["in its first line", '{"version": 3, "deploy', 1],
    ["after a line break", '{\n  "version": 3,\n  "deployment": {\n', 3],
    ["in its middle", '{\n  "version": 3,\n  "dep', 3],
  ];
  for (const [title, text, line] of cutOff)
    it(`a state that ends ${title} is named with the line, and put back`, () => {
      writeFileSync(place("dev.json"), text);
      const files = findCutOffFiles(folder, "palette", "dev");
      const { exitCode, message, next } = createCutOffError(files);
      assert.deepEqual([files, exitCode], [[{ file: place("dev.json"), line }], 2]);
      assert.match(message, new RegExp(` Cut off: ${place("dev.json")}, line ${line}\\.$`));
      assert.match(next!, /^Put the stack's newest whole state back in its place/);
    });

  it("whole files, another stack's, another project's, no backend at all: none", () => {
    assert.deepEqual(findCutOffFiles(folder, "palette", "dev"), []);
    assert.deepEqual(findCutOffFiles(folder, "other", "prod"), []);
    assert.deepEqual(findCutOffFiles(join(folder, "nowhere"), "palette", "dev"), []);
  });

  for (const said of [
    "error: failed to load checkpoint: EOF",
    "error: failed to load checkpoint: place 1: unexpected end of JSON input",
  ]) {
    it(`is known by "${said}"`, () => {
      const error = explainOpening(said)!;
      assert.equal(error.code, "STATE_CUT_OFF");
      assert.match(error.next!, /^Delete the empty STACK\.json\.attrs in \.pulumi\/stacks of the file backend/);
    });
  }

  it("negative twin: a checkpoint that fails otherwise is not taken for cut off", () => {
    assert.equal(explainOpening("error: failed to load checkpoint: snapshot integrity failure"), null);
  });
});
