import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../../lib/base/process/package-root.js";

/** A file of the folder shared between checkouts (documents the project was made from), or why it is not there. */
export function sharedFile(...path: string[]): { file: string } | { missing: string } {
  const folder = process.env.PALETTE_SHARED ?? join(findPackageRoot(), "..", "shared");
  const file = join(folder, ...path);
  return existsSync(file) ? { file } : { missing: `skipped: no ${path.join("/")} in ../shared or $PALETTE_SHARED` };
}
