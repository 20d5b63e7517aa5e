import assert from "node:assert/strict";
import { InvalidInputError } from "../../../../lib/base/errors/errors.js";
import { importPage } from "../../../../lib/planning/matrix/page/import-page.js";
import { centred, heading, table } from "./small-page.js";

const partial = '<PartialsComponent category="self-hosted" name="paths" />';
const tab = (label: string, ...inner: string[]): string[] => [
  `<TabItem label="${label}">`,
  "",
  ...inner,
  "",
  "</TabItem>",
];
const next = "Give the page with those rows in their place, as its readers see it.";

interface Case {
  title: string;
  page: string[];
  /** "edition method" of the matrices read. */
  read: string[];
  stopped: { whose: string; code: string; message: string; rows: number }[];
}

const cases: Case[] = [
  {
    title: "a tab whose table is in a partial",
    page: ["# Palette", ...tab("VMware", ...table), ...tab("Kubernetes", partial)],
    read: ["palette vmware"],
    stopped: [
      {
        whose: "palette kubernetes",
        code: "PAGE_TABLE_MOVED",
        message: `The tab "Kubernetes" at line 10 holds no upgrade table, but ${partial} at line 12: its rows stand elsewhere.`,
        rows: 0,
      },
    ],
  },
  {
    title: "a tab whose table is on another page",
    page: ["# Palette", ...tab("VMware", ...table), ...tab("Kubernetes", "See [the paths](./paths.md).")],
    read: ["palette vmware"],
    stopped: [
      {
        whose: "palette kubernetes",
        code: "PAGE_TABLE_MOVED",
        message:
          'The tab "Kubernetes" at line 10 holds no upgrade table, but a link to ./paths.md at line 12: its rows stand elsewhere.',
        rows: 0,
      },
    ],
  },
  {
    title: "negative twin: a tab of another group that links to guides, and a tab with a sentence only",
    page: [
      "# Palette",
      "<Tabs>",
      ...tab("VMware", ...table),
      ...tab("Kubernetes", "Nothing yet, see [notes](notes.md)."),
      "</Tabs>",
      "<Tabs>",
      ...tab("VMware", "[Upgrade guide](upgrade-vmware.md)"),
      "</Tabs>",
    ],
    read: ["palette vmware"],
    stopped: [],
  },
  {
    title: "a section whose table is in a partial, in one method of two: the rows of the method beside it are read",
    page: [
      "# Palette",
      ...tab("VMware", "**4.7.x**", "", ...table, "", "**4.6.x**", "", partial),
      ...tab("Kubernetes", ...table),
    ],
    read: ["palette kubernetes"],
    stopped: [
      {
        whose: "palette vmware",
        code: "PAGE_TABLE_MOVED",
        message: `The section "4.6.x" at line 11 holds no upgrade table, but ${partial} at line 13: its rows stand elsewhere.`,
        rows: 2,
      },
    ],
  },
  {
    title: "negative twin: a section beside its table may hold a partial of another kind",
    page: ["# Palette on VMware", "", "**4.7.x**", "", ...table, "", '<PartialsComponent name="notes" />'],
    read: ["palette vmware"],
    stopped: [],
  },
  {
    title: "a marker around a component",
    page: [
      "# Palette",
      ...tab("VMware", ...table),
      ...tab(
        "Kubernetes",
        ...table,
        "",
        "<!-- upgrade-paths:kubernetes-4.6:start -->",
        "<Paths />",
        "<!-- upgrade-paths:kubernetes-4.6:end -->",
      ),
    ],
    read: ["palette vmware"],
    stopped: [
      {
        whose: "palette kubernetes",
        code: "PAGE_TABLE_MOVED",
        message:
          'The marker "kubernetes-4.6" at line 17 holds no upgrade table, but <Paths /> at line 18: its rows stand elsewhere.',
        rows: 2,
      },
    ],
  },
  {
    title: "a contradiction stops its own matrix, with both lines; the other is read",
    page: ["# Palette", ...tab("VMware", ...table, "| 4.7.3 | 4.7.15 | :x: |"), ...tab("Kubernetes", ...table)],
    read: ["palette kubernetes"],
    stopped: [
      {
        whose: "palette vmware",
        code: "MATRIX_CONTRADICTION",
        message:
          "The palette vmware rows contradict each other: 4.7.3 -> 4.7.15 is supported on line 6 and unsupported on line 8.",
        rows: 3,
      },
    ],
  },
  {
    title: "negative twin: the same pair with another mark of another method contradicts nothing",
    page: ["# Palette", ...tab("VMware", ...table), ...tab("Kubernetes", heading, centred, "| 4.7.3 | 4.7.15 | :x: |")],
    read: ["palette vmware", "palette kubernetes"],
    stopped: [],
  },
];

describe("importPage: what stops one matrix of a page", () => {
  for (const { title, page, read, stopped } of cases) {
    it(title, () => {
      const imported = importPage(`${page.join("\n")}\n`);

      assert.deepEqual(
        imported.matrices.map(({ edition, method }) => `${edition} ${method}`),
        read,
      );
      assert.deepEqual(
        imported.stopped.map(({ edition, method, code, message, rows }) => ({
          whose: `${edition ?? "?"} ${method ?? "?"}`,
          code,
          message,
          rows,
        })),
        stopped,
      );
      for (const each of imported.stopped)
        assert.equal(
          each.next,
          each.code === "PAGE_TABLE_MOVED"
            ? next
            : "Find out which row is right and fix the page; nothing is imported over a contradiction.",
        );
    });
  }

  it("no matrix left: the page is refused with the first reason", () => {
    const page = ["# Palette", ...tab("VMware", partial), ...tab("Kubernetes", "<Paths />"), ""].join("\n");

    assert.throws(
      () => importPage(page),
      (error) => {
        assert.ok(error instanceof InvalidInputError);
        assert.deepEqual([error.code, error.next, error.exitCode], ["PAGE_TABLE_MOVED", next, 2]);
        assert.equal(
          error.message,
          `The tab "VMware" at line 2 holds no upgrade table, but ${partial} at line 4: its rows stand elsewhere. ` +
            'The tab "Kubernetes" at line 7 holds no upgrade table, but <Paths /> at line 9: its rows stand elsewhere.',
        );
        return true;
      },
    );
  });
});
