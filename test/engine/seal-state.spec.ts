import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { sealValues } from "../../lib/engine/clear-values.js";
import { sealState } from "../../lib/engine/seal-state.js";
import { type StackState } from "../../lib/engine/stack-access.js";
import { folderOfTest } from "../journal/folder-of-test.js";

const clear = {
  deployment: {
    resources: [
      {
        type: "kubernetes:helm.sh/v3:Release",
        urn: "urn::hubble",
        inputs: { values: { password: "planted" } },
        outputs: {},
      },
    ],
  },
};

function stateOf(kept: unknown, folder: string | null, writable = true): StackState & { kept: () => unknown } {
  let state = kept;
  return {
    kept: () => state,
    read: () => Promise.resolve(state),
    write: (next) => {
      if (!writable) return Promise.reject(new Error("the stack is currently locked by 1 lock(s)"));
      state = next;
      return Promise.resolve();
    },
    folder: () => Promise.resolve(folder),
  };
}

describe("a state after a failed adoption", () => {
  const folder = folderOfTest();

  it("is rewritten, and the older copies that hold values are named", async () => {
    for (const part of ["backups", "history", "stacks"]) mkdirSync(folder.path(".pulumi", part), { recursive: true });
    writeFileSync(folder.path(".pulumi/stacks/dev.json"), JSON.stringify(sealValues(clear)));
    writeFileSync(folder.path(".pulumi/stacks/dev.json.bak"), JSON.stringify(clear));
    writeFileSync(
      folder.path(".pulumi/history/dev-1.checkpoint.json"),
      JSON.stringify({ checkpoint: { latest: clear.deployment } }),
    );
    writeFileSync(folder.path(".pulumi/backups/dev.json.gz"), gzipSync(JSON.stringify(clear)));
    writeFileSync(folder.path(".pulumi/backups/other.json"), "{}");
    const state = stateOf(clear, folder.path());
    const notes = await sealState("prod", state);
    assert.deepEqual(notes, [
      "The adoption failed after the import, which left the Helm values of hubble in clear in the state of stack prod; the state was rewritten with them encrypted.",
      `These older copies in ${folder.path()} still hold them in clear; delete them, or change the passwords among the values: .pulumi/backups/dev.json.gz, .pulumi/history/dev-1.checkpoint.json, .pulumi/stacks/dev.json.bak`,
    ]);
    assert.deepEqual(state.kept(), sealValues(clear));
    assert.ok(!notes.join("").includes("planted"));
  });

  it("in another backend: its history is named", async () => {
    const notes = await sealState("prod", stateOf(clear, null));
    assert.match(notes[1]!, /^Older checkpoints in the backend's history still hold them/);
  });

  it("without anything in clear nothing is written or said", async () => {
    const state = stateOf(sealValues(clear), null, false);
    assert.deepEqual(await sealState("prod", state), []);
  });

  it("that cannot be written is told", async () => {
    const notes = await sealState("prod", stateOf(clear, null, false));
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, /could not be looked through for Helm values in clear: the stack is currently locked/);
  });
});
