/**
 * Small pages in our own words, one per peculiarity met in the vendor's pages (or feared).
 * title | page, line by line | hint | expected matrices: "edition method" -> rows as "from > to mark section line"
 * (mark: + supported, - unsupported, ? conditional; section after /) | expected left-out rows | expected warnings.
 */
import type { ImportHint } from "../../../../lib/planning/matrix/page/import-types.js";

export interface SmallPage {
  title: string;
  page: string[];
  hint?: ImportHint;
  expected: Record<string, string[]>;
  leftOut?: string[];
  warnings?: string[];
}

export const heading = "| **Source Version** | **Target Version** | **Support** |";
export const centred = "| :---: | :---: | :---: |";

/** The ruling of a table and two rows: 4.7.3 > 4.7.15 supported, 4.6.41 > 4.7.3 not. */
export const table = [heading, centred, "| 4.7.3 | 4.7.15 | :white_check_mark: |", "| 4.6.41 | 4.7.3 | :x: |"];
export const onKubernetes: ImportHint = { edition: "palette", method: "kubernetes" };
