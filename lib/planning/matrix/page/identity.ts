import { InvalidInputError } from "../../../base/errors/errors.js";
import type { ImportHint } from "./import-types.js";
import { findEdition, findMethod, extractFileNameWords, extractPathWords } from "./clues.js";
import { walkNodes, getNodeText, type ParsedPage } from "./markdown.js";
import type { Outline } from "./outline.js";
import type { ReadTable } from "./tables.js";
import { resolveClues, type Clue, type Resolved } from "./resolved.js";
import type { Whose } from "./whose.js";
import { editions, methods, type Edition, type Method } from "../types.js";

export type MatrixTable = ReadTable & { kind: "matrix" };

/** Edition and method of each table that holds upgrade rows. */
export interface PageIdentity {
  identify: (table: MatrixTable) => { edition: Edition; method: Method };
  /** Says whose rows stand in a place of the page; null where nothing does. */
  identifyPlace: (place: Whose) => { edition: Edition | null; method: Method | null };
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
  const edition = resolveEdition(
    [
      { source: "title", value: findEdition(title) },
      { source: "path", value: findEdition(path) },
    ],
    [
      { source: "front matter", value: findEdition(frontMatter.words) },
      { source: "file name", value: findEdition(name) },
    ],
    outline,
    hint.edition,
    matrixTables,
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
  const tableWithoutEdition = matrixTables.some((table) => edition.of(table.placed) === undefined);
  requireIdentity(
    tableWithoutEdition,
    tablesWithoutMethod.length > 0 && method.value === undefined ? tablesWithoutMethod[0] : undefined,
  );
  return {
    identify: ({ placed }) => ({
      edition: edition.of(placed) as Edition,
      method: placed.method ?? (method.value as Method),
    }),
    identifyPlace: (place) => ({ edition: edition.of(place) ?? null, method: place.method ?? method.value ?? null }),
    warnings: [...edition.warnings, ...method.warnings],
  };
}

/**
 * Resolves the edition of each table. Where tabs name both editions, a table is of that of its tab; a tab that names an
 * edition and nothing else ("VerteX") counts on any page; all other tables are of the edition of the page.
 */
function resolveEdition(
  strong: Clue<Edition>[],
  weak: Clue<Edition>[],
  { places }: Outline,
  requested: Edition | undefined,
  matrixTables: MatrixTable[],
): { of: (whose: Whose) => Edition | undefined; warnings: string[] } {
  const named = places.filter(({ kind }) => kind === "tab").flatMap(({ label }) => findEdition(label) ?? []);
  const isOfBoth = new Set(named).size > 1;
  const own = (whose: Whose): Edition | undefined => (isOfBoth || whose.editionAlone ? whose.edition : undefined);
  if (matrixTables.length > 0 && matrixTables.every(({ placed }) => own(placed) !== undefined)) {
    requireEditionAmong(matrixTables, own, requested);
    return { of: own, warnings: [] };
  }
  const tabs = { source: "tabs", value: isOfBoth ? undefined : named[0] };
  const page = resolveClues("edition", strong, [tabs, ...weak], requested);
  const believed = places.flatMap(({ kind, label, line, ...whose }) => {
    const said = kind === "tab" && !isOfBoth ? findEdition(label) : undefined;
    if (said === undefined || page.value === undefined || (own(whose) ?? page.value) === said) return [];
    return [`The tab "${label}" at line ${line} says ${said}, the page ${page.value}; the page was believed.`];
  });
  return { of: (whose) => own(whose) ?? page.value, warnings: [...page.warnings, ...believed] };
}

/** An edition that is asked for and has no rows is an error, lest the other one's rows pass for its own. */
function requireEditionAmong(
  matrixTables: MatrixTable[],
  own: (whose: Whose) => Edition | undefined,
  requested: Edition | undefined,
): void {
  const found = editions.filter((each) =>
    matrixTables.some((table) => own(table.placed) === each && table.rows.length > 0),
  );
  if (requested === undefined || found.includes(requested)) return;
  throw new InvalidInputError(
    "PAGE_NO_MATRIX",
    `This page holds no upgrade table with rows for ${requested}: its tabs are of ${found.join(" and ")}.`,
    { next: "Leave out --edition to read them." },
  );
}

/** Takes all methods from tabs. A requested method without rows is an error, lest an empty tab count as a matrix. */
function resolveMethodByTabs(
  matrixTables: MatrixTable[],
  { places }: Outline,
  requested: Method | undefined,
): Resolved<Method> {
  if (
    requested === undefined ||
    matrixTables.some((table) => table.placed.method === requested && table.rows.length > 0)
  )
    return { value: requested, warnings: [] };
  const own = places.find(({ kind, label }) => kind === "tab" && findMethod(label) === requested);
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

function requireIdentity(tableWithoutEdition: boolean, tableWithoutMethod: MatrixTable | undefined): void {
  const missing = [
    ...(tableWithoutEdition ? ["edition"] : []),
    ...(tableWithoutMethod === undefined
      ? []
      : [`install method of the table at line ${tableWithoutMethod.placed.line}`]),
  ];
  if (missing.length === 0) return;
  const options = [
    ...(tableWithoutEdition ? [`--edition ${editions.join("|")}`] : []),
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
