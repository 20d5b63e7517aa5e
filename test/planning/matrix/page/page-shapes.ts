import fc from "fast-check";
import type { Edition, Mark, Method } from "../../../../lib/planning/matrix/types.js";
import { centred, heading } from "./small-page.js";

/**
 * Pages made by mutation: a page in one of five layouts, changed at random places in every way that MDX and the
 * vendor's generator allow. Beside each page stands what an importer has to find in it.
 */
export interface Shape {
  text: string;
  /** Visible rows by "edition method", as `from > to mark section`, each once. */
  read: Record<string, string[]>;
  duplicates: number;
  /** Rows hidden, cut off from their table, or no releases. */
  leftOut: number;
  /** Components that a warning names, because rows may stand there. */
  unread: number;
  /** Matrices that must be stopped, with the code and the rows of each. */
  stopped: Record<string, { code: string; rows: number }>;
}

interface Row {
  from: string;
  to: string;
  mark: Mark;
}
interface Table {
  rows: Row[];
  section: string;
  hidden: Hiding | undefined;
  hiddenRow: { at: number; how: Hiding } | undefined;
  moved: string | undefined;
  folded: boolean;
}
interface Leaf {
  edition: Edition;
  method: Method;
  tables: Table[];
  hidden: Hiding | undefined;
}

/** How a page hides lines: what stands before and behind them. */
type Hiding = [before: string, behind: string];
const hidings: Hiding[] = [
  ["{/*", "*/}"],
  ["{ /* not yet:", "*/ }"],
  ["<!--", "-->"],
  ["{false && (", ")}"],
  ["```", "```"],
  ["<pre>", "</pre>"],
  ["\nexport const later = (", ");\n"],
];
const elsewhere = [
  '<PartialsComponent category="self-hosted" name="upgrade-paths" />',
  "<UpgradeMatrix\n  edition={edition}\n/>",
  "See the [supported upgrade paths](./paths.md).",
  '<VersionedLink text="Upgrade paths" url="/upgrade/paths" />',
];
const marks: Record<Mark, string> = {
  supported: ":white_check_mark:",
  unsupported: ":x:",
  conditional: "[:question:](#why)",
};
const methodLabels: Record<Method, string> = {
  vmware: "VMware",
  kubernetes: "Kubernetes",
  appliance: "Management Appliance",
};
const editionLabels: Record<Edition, string> = { palette: "Palette", vertex: "Palette VerteX" };
const layouts = ["path", "methods", "headings", "methods in editions", "editions in methods"] as const;

interface Style {
  layout: (typeof layouts)[number];
  edition: Edition;
  tight: boolean;
  indent: boolean;
  windows: boolean;
  braces: boolean;
}
interface Mutation {
  kind:
    | "hide-row"
    | "hide-table"
    | "hide-tab"
    | "move"
    | "contradict"
    | "repeat"
    | "placeholder"
    | "fold"
    | "agree-elsewhere";
  at: number;
  how: number;
}

const style: fc.Arbitrary<Style> = fc.record({
  layout: fc.constantFrom(...layouts),
  edition: fc.constantFrom<Edition>("palette", "vertex"),
  tight: fc.boolean(),
  indent: fc.boolean(),
  windows: fc.boolean(),
  braces: fc.boolean(),
});
const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom<Mutation["kind"]>(
    ...(["hide-row", "hide-table", "hide-tab", "move", "contradict", "repeat", "placeholder", "fold"] as const),
    "agree-elsewhere",
  ),
  at: fc.nat(99),
  how: fc.nat(99),
});
/** Sections of a leaf, and rows of each section. */
const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 });

export const shapes: fc.Arbitrary<Shape> = fc
  .tuple(style, sizes, fc.boolean(), fc.array(mutation, { maxLength: 4 }))
  .map(([chosen, rowsOf, titled, mutations]) => {
    const leaves = growLeaves(chosen, rowsOf, titled);
    for (const each of mutations) mutate(leaves, each);
    return { text: writeShape(leaves, chosen), ...expect(leaves) };
  });

function growLeaves({ layout, edition }: Style, rowsOf: number[], titled: boolean): Leaf[] {
  const methods = layout === "path" ? (["kubernetes"] as const) : (["vmware", "kubernetes", "appliance"] as const);
  const editions: Edition[] = layout.includes(" in ") ? ["palette", "vertex"] : [edition];
  let patch = 0;
  return editions.flatMap((own) =>
    methods.map((method) => ({
      edition: own,
      method,
      hidden: undefined,
      tables: rowsOf.map((count, index) => ({
        section: titled ? `4.${7 + index}.x` : "",
        rows: Array.from({ length: count }, (_, at) => ({
          from: `4.${6 + index}.${++patch}`,
          to: `4.${7 + index}.${patch}`,
          mark: (["supported", "unsupported", "conditional"] as const)[at % 3]!,
        })),
        hidden: undefined,
        hiddenRow: undefined,
        moved: undefined,
        folded: false,
      })),
    })),
  );
}

function mutate(leaves: Leaf[], { kind, at, how }: Mutation): void {
  const leaf = leaves[at % leaves.length]!;
  const table = leaf.tables[how % leaf.tables.length]!;
  const row = table.rows[how % table.rows.length]!;
  const hiding = hidings[how % hidings.length]!;
  const other: Mark = row.mark === "supported" ? "unsupported" : "supported";
  if (kind === "hide-row") table.hiddenRow = { at: how % table.rows.length, how: hiding };
  if (kind === "hide-table") table.hidden = hiding;
  if (kind === "hide-tab") leaf.hidden = hiding;
  if (kind === "move") table.moved = elsewhere[how % elsewhere.length];
  if (kind === "contradict") leaf.tables[at % leaf.tables.length]!.rows.push({ ...row, mark: other });
  if (kind === "repeat") leaf.tables[at % leaf.tables.length]!.rows.push({ ...row });
  if (kind === "placeholder") table.rows.push({ from: "4.7.3", to: "4.8.a", mark: "supported" });
  if (kind === "fold") table.folded = true;
  // The same pair with another mark, of another edition or method, contradicts nothing.
  if (kind === "agree-elsewhere" && leaves.length > 1)
    leaves[(at + 1) % leaves.length]!.tables[0]!.rows.push({ from: "4.5.4", to: "4.6.6", mark: other });
  if (kind === "agree-elsewhere") leaf.tables[0]!.rows.push({ from: "4.5.4", to: "4.6.6", mark: row.mark });
}

function writeShape(leaves: Leaf[], chosen: Style): string {
  const { layout, edition, windows } = chosen;
  const title =
    layout === "path" ? `Upgrade ${editionLabels[edition]} on Kubernetes` : `${editionLabels[edition]} Upgrade`;
  const over = ({ method }: Leaf): string[] => (layout === "headings" ? [`## ${methodLabels[method]}`, ""] : []);
  const methodTabs = (): string[][] => leaves.map((leaf) => toTab(methodLabels[leaf.method], leaf, chosen));
  const body = layout.includes(" in ")
    ? writeNested(leaves, chosen)
    : layout === "methods"
      ? writeTabs(methodTabs(), chosen)
      : leaves.flatMap((leaf) => [...over(leaf), ...writeLeaf(leaf, chosen)]);
  const lines = [
    "---",
    `title: "${title}"`,
    "---",
    "",
    "Versions < 4.1 are \\{not\\} listed.",
    "",
    ...body,
    "",
    "## Guides",
    "",
  ];
  return lines.join("\n").replace(/\n/g, windows ? "\r\n" : "\n");
}

function writeNested(leaves: Leaf[], chosen: Style): string[] {
  const outer = chosen.layout === "methods in editions" ? "edition" : "method";
  const labels = { edition: editionLabels, method: methodLabels } as const;
  const labelOf = (leaf: Leaf, key: "edition" | "method"): string =>
    key === "edition" ? labels.edition[leaf.edition] : labels.method[leaf.method];
  const inner = outer === "edition" ? "method" : "edition";
  const groups = [...new Set(leaves.map((leaf) => labelOf(leaf, outer)))];
  return writeTabs(
    groups.map((label) => {
      const own = leaves.filter((leaf) => labelOf(leaf, outer) === label);
      return writeTab(
        label,
        writeTabs(
          own.map((leaf) => toTab(labelOf(leaf, inner), leaf, chosen)),
          chosen,
        ),
        chosen,
      );
    }),
    chosen,
  );
}

function toTab(label: string, leaf: Leaf, chosen: Style): string[] {
  const tab = writeTab(label, writeLeaf({ ...leaf, hidden: undefined }, chosen, leaf.hidden !== undefined), chosen);
  return leaf.hidden === undefined ? tab : hide(tab, leaf.hidden);
}

function writeTabs(tabs: string[][], { tight }: Style): string[] {
  const gap = tight ? [] : [""];
  return ["<Tabs>", ...gap, ...tabs.flatMap((tab) => [...tab, ...gap]), "</Tabs>"];
}

function writeTab(label: string, inner: string[], { tight, indent, braces }: Style): string[] {
  const gap = tight ? [] : [""];
  const written = braces ? `<TabItem value='v' label={"${label}"} >` : `<TabItem label="${label}" value="v">`;
  // JavaScript of the page itself begins at the first column.
  const shift = indent && !inner.some((line) => line.includes("export const"));
  return [written, ...gap, ...inner.map((line) => (shift && line !== "" ? `  ${line}` : line)), ...gap, "</TabItem>"];
}

function writeLeaf(leaf: Leaf, chosen: Style, isHidden = leaf.hidden !== undefined): string[] {
  const gap = chosen.tight ? [] : [""];
  const lines = leaf.tables.flatMap((table) => {
    const title = table.section === "" ? [] : [`**${table.section}**`, ...gap];
    // Two tables are never parted by nothing.
    const written = [...title, ...writeTable(table, isHidden || table.hidden !== undefined), ""];
    return table.hidden === undefined || isHidden ? written : hide(written, table.hidden);
  });
  return leaf.hidden === undefined ? lines : hide(lines, leaf.hidden);
}

function writeTable({ rows, hiddenRow, moved, folded }: Table, isHidden: boolean): string[] {
  if (moved !== undefined) return moved.split("\n");
  const lines = rows.flatMap((row, index) => {
    const line = `| ${row.from} | ${row.to} | ${marks[row.mark]} |`;
    return hiddenRow?.at === index && !isHidden ? hide([line], hiddenRow.how) : [line];
  });
  const table = [heading, centred, ...lines];
  return folded ? ["<details><summary>More</summary>", "", ...table, "", "</details>"] : table;
}

function hide(lines: string[], [before, behind]: Hiding): string[] {
  return [...before.split("\n"), ...lines, ...behind.split("\n")];
}

/** What an importer has to find, from the model alone. */
function expect(leaves: Leaf[]): Omit<Shape, "text"> {
  const found: Omit<Shape, "text"> = { read: {}, duplicates: 0, leftOut: 0, unread: 0, stopped: {} };
  for (const leaf of leaves) {
    const key = `${leaf.edition} ${leaf.method}`;
    const marksOf = new Map<string, Mark>();
    const read: string[] = [];
    const isVisible = (table: Table): boolean => leaf.hidden === undefined && table.hidden === undefined;
    const written = leaf.tables.filter((table) => table.moved === undefined);
    const moved = leaf.tables.filter((table) => table.moved !== undefined && isVisible(table));
    // A table without a section of its own is missed only where no other stands.
    const isMissed = moved.some((table) => table.section !== "") || !written.some(isVisible);
    let [contradicted, rows, duplicates] = [false, 0, 0];
    for (const table of written) {
      for (const [index, row] of table.rows.entries()) {
        const isCutOff = table.hiddenRow !== undefined && index >= table.hiddenRow.at;
        const pair = `${row.from} > ${row.to}`;
        const earlier = marksOf.get(pair);
        if (!isVisible(table) || isCutOff || row.to.endsWith("a")) found.leftOut++;
        else {
          rows++;
          if (earlier === undefined) read.push(`${pair} ${row.mark} ${table.section}`);
          else if (earlier === row.mark) duplicates++;
          else contradicted = true;
          if (earlier === undefined) marksOf.set(pair, row.mark);
        }
      }
    }
    if (moved.length > 0 && isMissed) found.stopped[key] = { code: "PAGE_TABLE_MOVED", rows };
    else {
      found.unread += moved.filter(
        (table) => table.moved?.endsWith("/>") === true && !table.moved.includes("Link"),
      ).length;
      if (contradicted) found.stopped[key] = { code: "MATRIX_CONTRADICTION", rows };
      else if (rows > 0) [found.read[key], found.duplicates] = [read, found.duplicates + duplicates];
    }
  }
  return found;
}
