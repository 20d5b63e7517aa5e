import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSupportedEngine, readEngineVersion } from "./engine-version.js";

describe("the version of a pulumi", () => {
  let program: string;
  beforeEach(() => (program = join(mkdtempSync(join(tmpdir(), "palette-version-")), "pulumi")));
  afterEach(() => rmSync(join(program, ".."), { recursive: true }));

  for (const { answer, version, supported } of [
    { answer: "v3.250.0", version: "3.250.0", supported: true },
    { answer: "v3.249.9", version: "3.249.9", supported: false },
    { answer: "no version at all", version: null, supported: false },
  ])
    it(`"${answer}" is ${supported ? "" : "not "}supported`, () => {
      writeFileSync(program, `#!/bin/sh\necho ${answer}\n`);
      chmodSync(program, 0o755);
      assert.equal(readEngineVersion(program, process.env), version);
      assert.equal(isSupportedEngine(program, process.env), supported);
    });

  it("of none that can be started is none", () => {
    assert.equal(readEngineVersion(program, process.env), null);
    assert.equal(isSupportedEngine(program, process.env), false);
  });
});
