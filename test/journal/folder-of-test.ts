import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that each test of the file gets afresh. */
export function folderOfTest(): { path: (...parts: string[]) => string } {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "palette-test-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  return { path: (...parts) => join(root, ...parts) };
}
