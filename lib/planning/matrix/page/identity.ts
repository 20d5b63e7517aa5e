import { InvalidInputError } from "../../../base/errors/errors.js";
import type { ImportHint } from "./import-types.js";
import { findEdition, findMethod, extractFileNameWords, extractPathWords } from "./clues.js";
import { walkNodes, getNodeText, type ParsedPage } from "./markdown.js";
import type { Outline } from "./outline.js";
import type { ReadTable } from "./tables.js";
import { resolveClues, type Resolved } from "./resolved.js";
import { editions, methods, type Edition, type Method } from "../types.js";

export type MatrixTable = ReadTable & { kind: "matrix" };

/** Edition and method of each table that holds upgrade rows. */
export interface PageIdentity {
  identify: (table: MatrixTable) => { edition: Edition; method: Method };
  warnings: string[];
}

/**
 * Identifies edition and method of every upgrade table from tabs, title, path and front matter, else from the hint.
 * @throws InvalidInputError PAGE_UNTOLD naming the options to give, PAGE_AMBIGUOUS, or PAGE_NO_MATRIX if tabs name the
 * methods and the requested one has no rows.
 */
export function identifyPage(
  frontMatter: { title: string; words: string },
  page: ParsedPage,
  outline: Outline,
  hint: ImportHint,
  matrixTables: MatrixTable[],
): PageIdentity {
  const title = frontMatter.title === "" ? findFirstTitle(page) : frontMatter.title;
  const path = extractPathWords(hint.path ?? "");
  const name = extractFileNameWords(hint.path ?? "");
  const labels = outline.tabs.map((tab) => tab.label).join(", ");
  const edition = resolveClues(
    "edition",
    [
      { source: "title", value: findEdition(title) },
      { source: "path", value: findEdition(path) },
    ],
    [
      { source: "tabs", value: findEdition(labels) },
      { source: "front matter", value: findEdition(frontMatter.words) },
      { source: "file name", value: findEdition(name) },
    ],
    hint.edition,
  );
  const tablesWithoutMethod = matrixTables.filter((table) => table.placed.method === undefined);
  const method: Resolved<Method> =
    tablesWithoutMethod.length === 0
      ? resolveMethodByTabs(matrixTables, outline, hint.method)
      : resolveClues(
          "method",
          [
            { source: "title", value: findMethod(title) },
            { source: "path", value: findMethod(path) },
          ],
          [
            { source: "front matter", value: findMethod(frontMatter.words) },
            { source: "file name", value: findMethod(name) },
          ],
          hint.method,
        );
  requireIdentity(
    edition.value,
    tablesWithoutMethod.length > 0 && method.value === undefined ? tablesWithoutMethod[0] : undefined,
  );
  return {
    identify: (table) => ({
      edition: edition.value as Edition,
      method: table.placed.method ?? (method.value as Method),
    }),
    warnings: [...edition.warnings, ...method.warnings],
  };
}

/** Takes all methods from tabs. A requested method without rows is an error, lest an empty tab count as a matrix. */
function resolveMethodByTabs(
  matrixTables: MatrixTable[],
  { tabs }: Outline,
  requested: Method | undefined,
): Resolved<Method> {
  if (
    requested === undefined ||
    matrixTables.some((table) => table.placed.method === requested && table.rows.length > 0)
  )
    return { value: requested, warnings: [] };
  const own = tabs.find((tab) => findMethod(tab.label) === requested);
  const why =
    own === undefined ? "none of its tabs is of it" : `its tab "${own.label}" at line ${own.line} holds no such table`;
  const found = methods.filter((method) => matrixTables.some((table) => table.placed.method === method));
  throw new InvalidInputError(
    "PAGE_NO_MATRIX",
    `This page holds no upgrade table with rows for ${requested}: ${why}.`,
    {
      next: `It holds rows for ${found.join(", ")}; leave out --method to read them.`,
    },
  );
}

function requireIdentity(edition: Edition | undefined, tableWithoutMethod: MatrixTable | undefined): void {
  const missing = [
    ...(edition === undefined ? ["edition"] : []),
    ...(tableWithoutMethod === undefined
      ? []
      : [`install method of the table at line ${tableWithoutMethod.placed.line}`]),
  ];
  if (missing.length === 0) return;
  const options = [
    ...(edition === undefined ? [`--edition ${editions.join("|")}`] : []),
    ...(tableWithoutMethod === undefined ? [] : [`--method ${methods.join("|")}`]),
  ];
  throw new InvalidInputError("PAGE_UNTOLD", `The page does not report the ${missing.join(" or the ")}.`, {
    next: `Give ${options.join(" and ")}.`,
  });
}

function findFirstTitle(page: ParsedPage): string {
  const title = [...walkNodes(page.root)].find((node) => node.type === "heading" && node.depth === 1);
  return title === undefined ? "" : getNodeText(title);
}
