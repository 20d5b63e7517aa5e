import type { Edition, Mark, Matrix, MatrixRow, Method } from "../../../../lib/planning/matrix/types.js";

/** How a page of ours is written; every choice is one that some version of the vendor's pages made. */
export interface PageStyle {
  name: string;
  environments: "path" | "tabs" | "tight-tabs";
  sections: "headings" | "bold" | "tight-bold";
  markers: boolean;
  notices: boolean;
  delimiters: "centred" | "left";
  borders: boolean;
  boldHeading: boolean;
  marks: Record<Mark, string>;
  lineEnd: "\n" | "\r\n";
}

const shortcodes = { supported: ":white_check_mark:", unsupported: ":x:", conditional: "[:question:](#why)" };
const emoji = { supported: "✅", unsupported: "❌", conditional: "❓" };

const plain: PageStyle = {
  name: "one environment by title, bold sections, centred",
  environments: "path",
  sections: "bold",
  markers: false,
  notices: false,
  delimiters: "centred",
  borders: true,
  boldHeading: true,
  marks: shortcodes,
  lineEnd: "\n",
};

export const pageStyles: PageStyle[] = [
  plain,
  { ...plain, name: "sections as headings, left-aligned", sections: "headings", delimiters: "left" },
  { ...plain, name: "no blank line after sections", sections: "tight-bold" },
  { ...plain, name: "comment markers and notices", markers: true, notices: true },
  { ...plain, name: "no outer borders, plain heading, emoji", borders: false, boldHeading: false, marks: emoji },
  { ...plain, name: "tabs", environments: "tabs" },
  { ...plain, name: "tabs, markers, notices", environments: "tabs", markers: true, notices: true },
  { ...plain, name: "tabs without blank lines", environments: "tight-tabs", sections: "tight-bold" },
  { ...plain, name: "Windows line ends in tabs", environments: "tabs", lineEnd: "\r\n" },
];

const editionNames: Record<Edition, string> = { palette: "Palette", vertex: "Palette VerteX" };
const methodNames: Record<Method, string> = {
  kubernetes: "Kubernetes",
  vmware: "VMware",
  appliance: "Management Appliance",
};

/** The page of matrices of one edition; those of one method only, where it has no tabs. */
export function writePage(matrices: readonly Matrix[], style: PageStyle): string {
  const [first] = matrices;
  if (first === undefined) throw new Error("a page needs a matrix");
  const environment = style.environments === "path" ? ` on ${methodNames[first.method]}` : "";
  const lines = ["---", `title: "Upgrade ${editionNames[first.edition]}${environment}"`, "---", "", "Go slowly.", ""];
  if (style.environments === "path") lines.push(...sectionLines(first, style));
  else lines.push("<Tabs>", ...gap(style), ...matrices.flatMap((matrix) => tabLines(matrix, style)), "</Tabs>", "");
  return lines.join(style.lineEnd);
}

function tabLines(matrix: Matrix, style: PageStyle): string[] {
  const label = methodNames[matrix.method];
  const open =
    matrix.method === "appliance" ? `<TabItem value="a" label="${label}" >` : `<TabItem label="${label}" value="v">`;
  const inner = sectionLines(matrix, style);
  return [
    open,
    ...gap(style),
    ...(style.environments === "tight-tabs" ? inner.slice(0, -1) : inner),
    "</TabItem>",
    ...gap(style),
  ];
}

function sectionLines(matrix: Matrix, style: PageStyle): string[] {
  const sections = [...new Set(matrix.rows.map((row) => row.section))];
  return sections.flatMap((section) => {
    const rows = matrix.rows.filter((row) => row.section === section);
    const notice = style.notices ? [":::info", "", "**Mind this** before you go on.", "", ":::", ""] : [];
    const key = `upgrade-paths:${matrix.method}-${section.replace(/[^\d.].*/, "")}`;
    const marker = (end: string): string[] => (style.markers ? [`<!-- ${key}:${end} -->`, ""] : []);
    return [
      ...titleLines(section, style),
      ...notice,
      ...marker("start"),
      ...tableLines(rows, style),
      "",
      ...marker("end"),
    ];
  });
}

function titleLines(section: string, style: PageStyle): string[] {
  if (section === "") return [];
  if (style.sections === "headings") return [`### ${section}`, ""];
  return style.sections === "bold" ? [`**${section}**`, ""] : [`**${section}**`];
}

function tableLines(rows: readonly MatrixRow[], style: PageStyle): string[] {
  const names = ["Source Version", "Target Version", "Support"];
  const heading = style.boldHeading ? names.map((name) => `**${name}**`) : names;
  const ruling = names.map(() => (style.delimiters === "centred" ? ":----:" : "---"));
  const cells = rows.map((row) => [row.from, row.to, style.marks[row.mark]]);
  return [heading, ruling, ...cells].map((line) => {
    const inner = line.map((cell) => cell.padEnd(8)).join(" | ");
    return style.borders ? `| ${inner} |` : inner.trimEnd();
  });
}

function gap(style: PageStyle): string[] {
  return style.environments === "tight-tabs" ? [] : [""];
}
