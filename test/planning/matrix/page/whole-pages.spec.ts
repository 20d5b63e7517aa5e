import assert from "node:assert/strict";
import { importPage } from "../../../../lib/planning/matrix/page/import-page.js";
import type { ImportHint } from "../../../../lib/planning/matrix/page/import-types.js";
import { centred, heading } from "./small-page.js";

/** Pages written after the kinds the vendor has published over the years: what stands around the tables, not only the tables. */
const supported = ":white_check_mark:";
const rows = (...pairs: [from: string, to: string, mark?: string][]): string[] => [
  heading,
  centred,
  ...pairs.map(([from, to, mark]) => `|       ${from}       |       ${to}       | ${mark ?? supported} |`),
  "",
];
const matter = (title: string, tags: string): string[] => ["---", `title: "${title}"`, `tags: [${tags}]`, "---", ""];
const notice = (kind: string, ...lines: string[]): string[] => [`:::${kind}`, "", ...lines, "", ":::", ""];
const marked = (key: string, body: string[]): string[] => [
  `<!-- upgrade-paths:${key}:start -->`,
  "",
  ...body,
  `<!-- upgrade-paths:${key}:end -->`,
  "",
];
const rule = notice("danger", "Be on the latest patch of the latest minor first.");
const second = [
  "| Palette Release | EC Binary | Palette Management Appliance |",
  "| --- | --- | --- |",
  "| 4.9.5, 4.9.8, 4.9.14 | 1.33 | Not documented |",
  "| 4.9.23 and later | 1.34 | 4.9.23 |",
  "",
];
const sections = [
  "**4.7.x**",
  "",
  ...rows(["4.6.41", "4.7.3"]),
  "**4.3.x and Prior**",
  "",
  ...rows(["4.1.x", "4.3.6", ":x:"], ["4.2.7", "4.2.13"]),
];
const generated = (method: string): string[] => [
  "**4.9**",
  "",
  ...marked(`${method}-4.9`, rows(["4.9.14", "4.9.51"], ["4.8.52", "4.9.24", "    :x:    "])),
  "**4.8**",
  "",
  ...notice("info", "After **4.8.8** it may show as unhealthy: 4.8.8 | harmless | :x: in the list of", "**Events**."),
  ...marked(`${method}-4.8`, rows(["4.8.51", "4.8.52"])),
];
const vmware = (body: string[]): string[] => ['<TabItem label="VMware" value="VMware">', "", ...body, "</TabItem>"];
const kubernetes = (body: string[]): string[] => [
  '<TabItem label="Kubernetes" value="Kubernetes">',
  "",
  ...body,
  "</TabItem>",
];
const appliance = (product: string, body: string[]): string[] => [
  `<TabItem value="management-appliance" label="${product} Management Appliance" >`,
  "",
  ...body,
  "</TabItem>",
];

interface WholePage {
  title: string;
  page: string[];
  hint?: ImportHint;
  /** By matrix: `from > to section`, with `!` for a refusal. */
  expected: Record<string, string[]>;
  leftOut?: number;
  warnings?: RegExp[];
}

const seven = ["4.6.41 > 4.7.3 4.7.x", "4.1.x ! 4.3.6 4.3.x and Prior", "4.2.7 > 4.2.13 4.3.x and Prior"];
const nine = ["4.9.14 > 4.9.51 4.9", "4.8.52 ! 4.9.24 4.9", "4.8.51 > 4.8.52 4.8"];

const pages: WholePage[] = [
  {
    title: "sections as headings of level 3 beside other headings of that level, no environment anywhere",
    page: [
      ...matter("VerteX Upgrade", '"vertex", "upgrade"'),
      "See [Palette Upgrade](../../enterprise-version/upgrade/upgrade.md).",
      "",
      "### PCG",
      "",
      "Let it [upgrade](../../clusters/pcg/manage-pcg/pcg-upgrade.md) first.",
      "",
      "## Supported Upgrade Paths",
      "",
      ...rule,
      "### 4.5.x",
      "",
      ...rows(["4.5.5", "4.5.8"], ["4.5.3", "4.5.4"]),
      "### 4.3.x and Prior",
      "",
      ...rows(["4.1.x", "4.3.6", "       :x:         "]),
      "## Upgrade Guides",
      "",
      "- [Non-Airgap VMware](upgrade-vmware/non-airgap.md)",
      "- [Airgap Kubernetes](upgrade-k8s/airgap.md)",
    ],
    hint: { method: "vmware" },
    expected: { "vertex vmware": ["4.5.5 > 4.5.8 4.5.x", "4.5.3 > 4.5.4 4.5.x", "4.1.x ! 4.3.6 4.3.x and Prior"] },
  },
  {
    title: "two tabs, the last closed right before the tabs' own end",
    page: [
      ...matter("VerteX Upgrade", '"vertex"'),
      ...rule,
      "<Tabs>",
      "",
      ...vmware(sections),
      "",
      ...kubernetes(sections),
      "</Tabs>",
    ],
    expected: { "vertex vmware": seven, "vertex kubernetes": seven },
  },
  {
    title: "a placeholder row, and an appliance tab with a sentence only",
    page: [
      ...matter("VerteX Upgrade", '"vertex"'),
      "<Tabs>",
      ...vmware(["**4.7.x**", "", ...rows(["4.7.3", "4.7.a"]), ...sections]),
      "",
      ...kubernetes(sections),
      "",
      ...appliance("VerteX", ["There are no verified upgrade paths for the VerteX Management Appliance.", ""]),
      "</Tabs>",
    ],
    expected: { "vertex vmware": seven, "vertex kubernetes": seven },
    leftOut: 1,
    warnings: [/^The tab "VerteX Management Appliance" at line \d+ holds no table\.$/],
  },
  {
    title: "an appliance tab that opens with an empty notice and has a narrower table without a section",
    page: [
      ...matter("Palette Upgrade", '"palette"'),
      "<Tabs>",
      ...vmware(sections),
      ...appliance("Palette", [
        ":::preview",
        "",
        ":::",
        "",
        "| **Source Version** | **Target Version** | **Support** |",
        "| :----------------: | :----------------: | :---------: |",
        "|       4.7.3        |       4.7.13       |     :x:     |",
        "",
      ]),
      "</Tabs>",
    ],
    expected: { "palette vmware": seven, "palette appliance": ["4.7.3 ! 4.7.13 "] },
  },
  {
    title: "one environment by its title, no tabs",
    page: [...matter("Upgrade Palette VerteX on VMware vSphere", '"vertex"'), ...rule, ...sections],
    expected: { "vertex vmware": seven },
  },
  {
    title: "an appliance page whose notice names the other edition, left-aligned, no section",
    page: [
      ...matter("Upgrade Palette Management Appliance", '"management appliance", "self-hosted"'),
      ...notice("danger", "Before upgrading Palette VerteX be on the latest patch."),
      "| **Source Version** | **Target Version** | **Support** |",
      "| --- | --- | --- |",
      "| 4.7.3 | 4.7.15 | :x: |",
      "",
      "## Prerequisites",
      "",
      "<PartialsComponent",
      '  category="self-hosted"',
      '  edition="Palette"',
      "/>",
    ],
    expected: { "palette appliance": ["4.7.3 ! 4.7.15 "] },
  },
  {
    title: "steps in a list, with log lines in fenced code inside it",
    page: [
      ...matter("Upgrade Palette VerteX with Management Appliance", '"vertex"'),
      ...rows(["4.7.3", "4.7.15", ":x:"]),
      "1. Log in.",
      "",
      "2. Run the upgrade.",
      "",
      "    ```shell hideClipboard",
      "    palette-system | 4.7.3 | Running",
      "    4.7.3 -> 4.7.15: done",
      "    ```",
      "",
      "    :::info",
      "",
      "    It goes on from 4.7.3.",
      "",
      "    :::",
      "",
      "3. Wait.",
    ],
    expected: { "vertex appliance": ["4.7.3 ! 4.7.15 "] },
  },
  ...(
    [
      ["Palette", "palette"],
      ["VerteX", "vertex"],
    ] as const
  ).map(([product, edition]): WholePage => ({
    title: `${product}: markers around generated tables in three tabs, a second kind of table, marks in prose, notices`,
    page: [
      ...matter(`${product} Upgrade`, `"${edition}"`),
      `In these tables, ${supported} means supported and :x: not.`,
      "",
      ...second,
      "<Tabs>",
      "",
      ...vmware(generated("vmware")),
      "",
      ...kubernetes(generated("kubernetes")),
      "",
      ...appliance(product, generated("appliance")),
      "</Tabs>",
    ],
    expected: { [`${edition} vmware`]: nine, [`${edition} kubernetes`]: nine, [`${edition} appliance`]: nine },
    warnings: [/^The table at line \d+ \(Palette Release \| EC Binary \| .*; rows: 2\) is of another kind/],
  })),
  {
    title: "no front matter",
    page: ["# Upgrade Palette on Kubernetes", "", "Words.", "", ...sections],
    expected: { "palette kubernetes": seven },
  },
  {
    title: "as rendered: signs for marks, no borders at the left, nothing in bold",
    page: [
      "Source Version | Target Version | Support |",
      "---|---|---|",
      "4.2.13 | 4.3.6 | ✅ |",
      "4.1.x | 4.3.6 | ❌ |",
    ],
    hint: { edition: "palette", method: "kubernetes" },
    expected: { "palette kubernetes": ["4.2.13 > 4.3.6 ", "4.1.x ! 4.3.6 "] },
  },
];

describe("importPage: whole pages of every kind seen", () => {
  for (const { title, page, hint, expected, leftOut = 0, warnings = [] } of pages) {
    it(title, () => {
      const read = importPage(`${page.join("\n")}\n`, hint);
      const found = read.matrices.map(({ edition, method, rows: all }) => [
        `${edition} ${method}`,
        all.map((row) => `${row.from} ${row.mark === "supported" ? ">" : "!"} ${row.to} ${row.section}`),
      ]);
      assert.deepEqual(Object.fromEntries(found), expected);
      assert.equal(read.leftOut.length, leftOut);
      const others = read.warnings.filter((warning) => !warning.startsWith("Line "));
      assert.equal(others.length, warnings.length, others.join("\n"));
      for (const [index, warning] of warnings.entries()) assert.match(others[index]!, warning);
      for (const { line, from, to } of read.matrices.flatMap((matrix) => matrix.rows))
        assert.ok(page[line! - 1]!.includes(from) && page[line! - 1]!.includes(to), `line ${line ?? 0}`);
    });
  }
});
