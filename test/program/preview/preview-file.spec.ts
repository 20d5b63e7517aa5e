import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmptyPreview } from "../../../lib/program/preview/assemble.js";
import { previewFileVariable, type PreviewReport, writePreviewFile } from "../../../lib/program/preview/report.js";

describe("the preview's file", () => {
  it("is written whole, with the tool that made it, where the environment says, and only there", () => {
    const folder = mkdtempSync(join(tmpdir(), "palette-preview-"));
    try {
      const file = join(folder, "below", "preview.json");
      writePreviewFile(createEmptyPreview("dev"), { [previewFileVariable]: file });
      const { tool, ...written } = JSON.parse(readFileSync(file, "utf8")) as PreviewReport;
      assert.deepEqual(written, createEmptyPreview("dev"));
      assert.match(tool!, /^palette-upgrade \d+\.\d+\.\d+ \(/);
      assert.deepEqual(readdirSync(join(folder, "below")), ["preview.json"]);
      writePreviewFile(createEmptyPreview("dev"), {});
      assert.throws(() => writePreviewFile(createEmptyPreview("dev"), { [previewFileVariable]: join(file, "x") }), {
        code: "PREVIEW_FILE",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
