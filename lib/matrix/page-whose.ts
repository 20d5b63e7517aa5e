import { InvalidInputError } from "../errors.js";
import type { ImportHint } from "./import-types.js";
import { editionIn, methodIn, wordsOfName, wordsOfPath } from "./page-clues.js";
import { nodesUnder, textOf, type ParsedPage } from "./page-markdown.js";
import type { Outline } from "./page-outline.js";
import type { ReadTable } from "./page-tables.js";
import { settleClues, type Told } from "./page-told.js";
import { editions, methods, type Edition, type Method } from "./types.js";

export type MatrixTable = ReadTable & { kind: "matrix" };

/** Edition and method of each table that holds upgrade rows. */
export interface Whose {
  of: (table: MatrixTable) => { edition: Edition; method: Method };
  warnings: string[];
}

/**
 * Tells edition and method of every upgrade table from tabs, title, path and front matter, else from the hint.
 * @throws InvalidInputError PAGE_UNTOLD naming the options to give, PAGE_AMBIGUOUS, or PAGE_NO_MATRIX where tabs name the
 * methods and the one asked for has no rows.
 */
export function tellWhose(
  matter: { title: string; words: string },
  page: ParsedPage,
  outline: Outline,
  hint: ImportHint,
  holders: MatrixTable[],
): Whose {
  const title = matter.title === "" ? firstTitle(page) : matter.title;
  const path = wordsOfPath(hint.path ?? "");
  const name = wordsOfName(hint.path ?? "");
  const labels = outline.tabs.map((tab) => tab.label).join(", ");
  const edition = settleClues(
    "edition",
    [
      { by: "title", says: editionIn(title) },
      { by: "path", says: editionIn(path) },
    ],
    [
      { by: "tabs", says: editionIn(labels) },
      { by: "front matter", says: editionIn(matter.words) },
      { by: "file name", says: editionIn(name) },
    ],
    hint.edition,
  );
  const untold = holders.filter((table) => table.placed.method === undefined);
  const method: Told<Method> =
    untold.length === 0
      ? tabsAgainst(holders, outline, hint.method)
      : settleClues(
          "method",
          [
            { by: "title", says: methodIn(title) },
            { by: "path", says: methodIn(path) },
          ],
          [
            { by: "front matter", says: methodIn(matter.words) },
            { by: "file name", says: methodIn(name) },
          ],
          hint.method,
        );
  requireTold(edition.value, untold.length > 0 && method.value === undefined ? untold[0] : undefined);
  return {
    of: (table) => ({ edition: edition.value as Edition, method: table.placed.method ?? (method.value as Method) }),
    warnings: [...edition.warnings, ...method.warnings],
  };
}

/** Tabs tell all methods; one that was asked for and has no rows is an error, lest an empty tab passes for a matrix. */
function tabsAgainst(holders: MatrixTable[], { tabs }: Outline, asked: Method | undefined): Told<Method> {
  if (asked === undefined || holders.some((table) => table.placed.method === asked && table.rows.length > 0))
    return { value: asked, warnings: [] };
  const own = tabs.find((tab) => methodIn(tab.label) === asked);
  const why =
    own === undefined ? "none of its tabs is of it" : `its tab "${own.label}" at line ${own.line} holds no such table`;
  const found = methods.filter((method) => holders.some((table) => table.placed.method === method));
  throw new InvalidInputError("PAGE_NO_MATRIX", `This page holds no upgrade table with rows for ${asked}: ${why}.`, {
    next: `It holds rows for ${found.join(", ")}; leave out --method to read them.`,
  });
}

function requireTold(edition: Edition | undefined, untold: MatrixTable | undefined): void {
  const missing = [
    ...(edition === undefined ? ["edition"] : []),
    ...(untold === undefined ? [] : [`install method of the table at line ${untold.placed.line}`]),
  ];
  if (missing.length === 0) return;
  const options = [
    ...(edition === undefined ? [`--edition ${editions.join("|")}`] : []),
    ...(untold === undefined ? [] : [`--method ${methods.join("|")}`]),
  ];
  throw new InvalidInputError("PAGE_UNTOLD", `The page does not tell the ${missing.join(" or the ")}.`, {
    next: `Give ${options.join(" and ")}.`,
  });
}

function firstTitle(page: ParsedPage): string {
  const title = [...nodesUnder(page.root)].find((node) => node.type === "heading" && node.depth === 1);
  return title === undefined ? "" : textOf(title);
}
