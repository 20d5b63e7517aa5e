import { centred, heading, onKubernetes, table, type SmallPage } from "./small-page.js";

const both = (inner: (edition: string) => string[]): string[] =>
  ["Palette", "VerteX"].flatMap((label) => [
    `<TabItem label="${label}" value="e">`,
    "",
    ...inner(label),
    "",
    "</TabItem>",
  ]);
const rowOf = (from: string, to: string): string[] => [heading, centred, `| ${from} | ${to} | :x: |`];
const rows = ["4.7.3 > 4.7.15 + / 3", "4.6.41 > 4.7.3 - / 4"];

/** Small pages: what MDX hides, and tabs of editions. */
export const mdxPages: SmallPage[] = [
  {
    title: "rows in an MDX comment are no rows, on lines of their own or on one line",
    page: [...table, "{/*", "| 4.6.6 | 4.6.7 | :x: |", "*/}", "", "{/* 4.6.6 | 4.6.8 | :x: */}"],
    hint: onKubernetes,
    expected: { "palette kubernetes": rows },
    leftOut: ["6: it stands in a comment", "9: it stands in a comment"],
  },
  {
    title: "negative twin: the same rows without the comment are rows",
    page: [...table, "| 4.6.6 | 4.6.7 | :x: |"],
    hint: onKubernetes,
    expected: { "palette kubernetes": [...rows, "4.6.6 > 4.6.7 - / 5"] },
  },
  {
    title: "a whole tab in an MDX comment is no tab and no matrix",
    page: [
      "# Palette",
      '<TabItem label="VMware">',
      ...table,
      "</TabItem>",
      '{/* <TabItem label="Kubernetes">',
      ...table,
      "",
      "</TabItem> */}",
    ],
    expected: { "palette vmware": ["4.7.3 > 4.7.15 + / 5", "4.6.41 > 4.7.3 - / 6"] },
    leftOut: ["11: it stands in a comment", "12: it stands in a comment"],
  },
  {
    title: "rows in an expression and in JavaScript of the page are no rows",
    page: [
      "import Later from './later.mdx';",
      "",
      ...table,
      "",
      "{hidden && (",
      ...rowOf("4.6.6", "4.6.7"),
      ")}",
      "",
      "export const later = `",
      ...rowOf("4.6.6", "4.6.8"),
      "`;",
    ],
    hint: onKubernetes,
    expected: { "palette kubernetes": ["4.7.3 > 4.7.15 + / 5", "4.6.41 > 4.7.3 - / 6"] },
    leftOut: ["11: it stands in an expression", "17: it stands in JavaScript"],
  },
  {
    title:
      "braces in code, behind a backslash, in a heading's name and in strings hide nothing; prose may begin with export",
    page: [
      "### 4.7.x {#four}",
      "",
      "Write `{/*` or \\{/* first.",
      "",
      "export the values first",
      "",
      "```",
      "{/*",
      "```",
      "",
      "<Note text={'}'} of={{ a: 1 }}>",
      ...table,
      "</Note>",
    ],
    hint: onKubernetes,
    expected: { "palette kubernetes": ["4.7.3 > 4.7.15 + 4.7.x/ 14", "4.6.41 > 4.7.3 - 4.7.x/ 15"] },
  },
  {
    title: "markers may be MDX comments; behind its end a marker says nothing",
    page: [
      "# VerteX on VMware",
      "",
      "{/* upgrade-paths:kubernetes-4.7:start */}",
      ...table,
      "",
      "{/* upgrade-paths:kubernetes-4.7:end */}",
      "",
      ...rowOf("4.6.6", "4.6.7"),
    ],
    expected: {
      "vertex kubernetes": ["4.7.3 > 4.7.15 + / 6", "4.6.41 > 4.7.3 - / 7"],
      "vertex vmware": ["4.6.6 > 4.6.7 - / 13"],
    },
  },
  {
    title: "tabs of editions in a tab of a method",
    page: [
      "# Palette Upgrade",
      '<TabItem label={"VMware"}>',
      ...both((label) => rowOf(label === "VerteX" ? "4.6.6" : "4.6.7", "4.6.8")),
      "</TabItem>",
    ],
    expected: { "palette vmware": ["4.6.7 > 4.6.8 - / 7"], "vertex vmware": ["4.6.6 > 4.6.8 - / 14"] },
  },
  {
    title: "tabs of methods in tabs of editions; the edition asked for is there",
    page: [
      "# Upgrade",
      ...both((label) => [
        '<TabItem label="Palette Management Appliance">',
        ...rowOf(label === "VerteX" ? "4.6.6" : "4.6.7", "4.6.8"),
        "</TabItem>",
      ]),
    ],
    hint: { edition: "palette" },
    expected: { "palette appliance": ["4.6.7 > 4.6.8 - / 7"], "vertex appliance": ["4.6.6 > 4.6.8 - / 16"] },
  },
  {
    title: "a tab of a method with the other edition in its name: the page is believed",
    page: ["# VerteX Upgrade", '<TabItem label="Palette Management Appliance">', ...table, "</TabItem>"],
    expected: { "vertex appliance": ["4.7.3 > 4.7.15 + / 5", "4.6.41 > 4.7.3 - / 6"] },
    warnings: [
      'The tab "Palette Management Appliance" at line 2 says palette, the page vertex; the page was believed.',
    ],
  },
  {
    title: "a component named after upgrade paths is not read; one named otherwise says nothing",
    page: [
      ...table,
      "",
      '<PartialsComponent category="self-hosted" name="upgrade-paths" />',
      "",
      '<PartialsComponent name="upgrade-prereqs" />',
    ],
    hint: onKubernetes,
    expected: { "palette kubernetes": rows },
    warnings: [
      'The component at line 6, <PartialsComponent category="self-hosted" name="upgrade-paths" />, was not read: rows in it are missing.',
    ],
  },
];
