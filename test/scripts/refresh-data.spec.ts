import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { importMatrices } from "../../lib/cli/matrix/matrix-commands.js";
import { centred, heading } from "../planning/matrix/page/small-page.js";
import { inFolder } from "../planning/matrix/temporary-folder.js";
import { writeIn } from "./write-in.js";

const root = findPackageRoot();
const repository = "vendor/docs";
const [then, now, release, lost] = ["1", "9", "8", "7"].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const palettePath = "docs/docs-content/enterprise-version/upgrade/upgrade.md";
const vertexPath = "docs/docs-content/vertex/upgrade/upgrade.md";

const tab = (label: string, ...inner: string[]): string[] => [
  `<TabItem label="${label}">`,
  "",
  ...inner,
  "",
  "</TabItem>",
];
const table = (...rows: string[]): string[] => [heading, centred, ...rows.map((row) => `| ${row} |`)];
const rows = ["4.7.1 | 4.8.1 | ✅", "4.7.1 | 4.8.0 | ✅", "4.8.0 | 4.8.1 | ✅"];
const page = (kubernetes: string[], vmware: string[], appliance: string[]): string =>
  [
    "# Palette",
    ...tab("Kubernetes", ...kubernetes),
    ...tab("VMware", ...vmware),
    ...tab("Appliance", ...appliance),
    "",
  ].join("\n");

const notes = [
  "# Notes",
  "Start.",
  "## Release 4.8.1",
  "### Bug Fixes",
  "- One.",
  "## Release 4.7.0",
  "Old.",
  "## Known",
  "Stays.",
  "## Other",
  "Some.",
];
const before: Record<string, string> = {
  [palettePath]: page(table(...rows), table(...rows), table(...rows)),
  [vertexPath]: ["# VerteX on VMware", "", ...table(...rows), ""].join("\n"),
  "notes.md": notes.join("\n"),
  "gone.md": "Words.",
  "guide.md": '# Guide\n\n<PartialsComponent category="own" name="step" />\n',
  "_partials/_steps.mdx": "---\npartial_category: own\npartial_name: step\n---\n\nOld.\n",
};
/** One change of each kind. */
const after: Record<string, string> = {
  [palettePath]: page(
    table("4.7.1 | 4.8.1 | ❌", "4.8.0 | 4.8.1 | ✅", "4.8.1 | 4.8.2 | ✅"),
    table(...rows, "4.7.1 | 4.8.1 | ❌"),
    ['<PartialsComponent name="upgrade-paths" />'],
  ),
  "notes.md": [
    "# Notes",
    "  Start.",
    "## Release 4.8.2",
    "New.",
    "## Release 4.8.1",
    "### Bug Fixes",
    "- One, and `two` | three.",
    "## Known",
    "Stays.",
    "## Other",
    "More.",
  ].join("\n"),
};

after["guide.md"] = before["guide.md"]!;
after["_partials/_steps.mdx"] = before["_partials/_steps.mdx"]!.replace("Old", "New");

const source = (path: string, section: string, commit: string | undefined = then, of = repository): object => ({
  source: { repository: of, path, section, ...(commit === "" ? { seenIn: "a copy without a commit" } : { commit }) },
});
const advisories = [
  { id: "gone", ...source("gone.md", "whole page") },
  {
    id: "changed",
    edge: { to: ">=4.8.0" },
    editions: ["palette"],
    methods: ["kubernetes"],
    severity: "avoid",
    ...source("notes.md", "Release 4.8.1, Bug Fixes"),
  },
  { id: "removed", ...source("notes.md", "Release 4.7.0") },
  { id: "stays", ...source("notes.md", "Known") },
  { id: "seen", ...source("notes.md", "Known", "") },
  { id: "unfetched", ...source("notes.md", "Known", lost) },
  { id: "including", ...source("guide.md", "Guide") },
  { id: "elsewhere", ...source("README.md", "whole page", then, "other/docs") },
];

function writeSnapshot(folder: string, commits: Record<string, Record<string, string>>, of = repository): void {
  for (const [commit, files] of Object.entries(commits)) {
    writeIn(folder, `files/${of}/${commit}/.fetched`, "");
    for (const [path, text] of Object.entries(files)) writeIn(folder, `files/${of}/${commit}/${path}`, text);
  }
}

function makeData(folder: string, cited: object[]): string {
  const data = join(folder, "data");
  writeIn(data, "advisories.json", JSON.stringify({ rows: cited }));
  mkdirSync(join(data, "matrices"));
  for (const path of [palettePath, vertexPath]) {
    writeIn(folder, path, before[path]!);
    importMatrices(join(folder, path), {
      output: "text",
      write: true,
      repository,
      path,
      commit: then,
      readOn: "2026-11-21",
      folder: join(data, "matrices"),
    });
  }
  return data;
}

function refresh(folder: string, data: string): { report: string; loud: string; stdout: string } {
  const tsx = join(root, "node_modules", "tsx", "dist", "cli.mjs");
  const args = [tsx, join(root, "scripts/refresh-data.mjs"), join(folder, "snapshot"), join(folder, "out"), data];
  // c8 cannot read the source maps of this process, whose modules have data: addresses.
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, NODE_V8_COVERAGE: undefined },
    encoding: "utf8",
  });
  assert.deepEqual([status, stderr], [0, ""], stdout);
  const read = (name: string): string => readFileSync(join(folder, "out", name), "utf8");
  return { report: read("report.md"), loud: read("loud.md"), stdout };
}

const readAll = (folder: string): string[] =>
  readdirSync(folder).map((name) => `${name} ${readFileSync(join(folder, name), "utf8")}`);

describe("refresh-data on a folder", function () {
  this.timeout(120_000);

  it("one change of each kind: each stands in the report once, and what is gone is loud", () => {
    inFolder((folder) => {
      const data = makeData(folder, advisories);
      const snapshot = join(folder, "snapshot");
      const beginning = page(table(...rows, "4.8.1 | 4.9.0 | ✅"), table(...rows), table(...rows));
      writeSnapshot(snapshot, { [then]: before, [now]: after, [release]: { [palettePath]: beginning } });
      writeIn(snapshot, "heads.tsv", `${repository}\tmaster\t${now}\n${repository}\trelease-4-9\t${release}\n`);

      const { report, loud } = refresh(folder, data);

      const faults = [
        `page gone: gone.md, whole page (rows that cite it: 1)`,
        `section gone: notes.md, Release 4.7.0 (rows that cite it: 1)`,
        `${palettePath}: palette vmware was not read (MATRIX_CONTRADICTION): The palette vmware rows contradict each other: 4.7.1 -> 4.8.1 is supported on line 15 and unsupported on line 18.`,
        `${palettePath}: palette appliance was not read (PAGE_TABLE_MOVED): The tab "Appliance" at line 21 holds no upgrade table, but <PartialsComponent name="upgrade-paths" /> at line 23: its rows stand elsewhere.`,
        `${vertexPath}: the page is gone; the rows of newest matrices came from it.`,
        "other/docs README.md: its page of today was not fetched (rows: advisories.json: elsewhere)",
      ];
      assert.deepEqual(loud.trimEnd().split("\n"), faults);
      const link = (commit: string, path: string): string => `https://github.com/${repository}/blob/${commit}/${path}`;
      const both = `[read](${link(then, "notes.md")}), [now](${link(now, "notes.md")})`;
      assert.deepEqual(
        report.split("\n").filter((line) => line.startsWith("| |")),
        [
          `| | page gone | \`${repository} gone.md\` | \`whole page\` | \`advisories.json: gone\` |  | [read](${link(then, "gone.md")}) |`,
          `| | section gone | \`${repository} notes.md\` | \`Release 4.7.0\` | \`advisories.json: removed\` |  | ${both} |`,
          `| | changed | \`${repository} notes.md\` | \`Release 4.8.1, Bug Fixes\` | \`advisories.json: changed\` | hops: 3, the newest kubernetes 4.8.0 -> 4.8.1, steers routes (avoid) | ${both} |`,
          `| | changed | \`${repository} _partials/_steps.mdx\` | \`whole page\` | \`advisories.json: including\` |  | [read](${link(then, "_partials/_steps.mdx")}), [now](${link(now, "_partials/_steps.mdx")}) |`,
          `| | new section | \`${repository} notes.md\` | \`Notes, Release 4.8.2\` | none |  | [now](${link(now, "notes.md")}) |`,
          `| | changed, cited by no row | \`${repository} notes.md\` | \`Notes, Other\` | none |  | [now](${link(now, "notes.md")}) |`,
        ],
      );
      for (const line of [
        `Sources read: 4, as of ${repository} master 9999999999.`,
        ...faults.map((fault) => `- \`${fault}\``),
        `- \`${palettePath} on branch release-4-9: palette kubernetes, rows past the newest shipped release: 1 (4.8.1 -> 4.9.0 supported)\``,
        "## palette-kubernetes-4.8.1 to palette-kubernetes-4.8.2",
        "  4.8.1 -> 4.8.2",
        "  4.7.1 -> 4.8.0",
        "  4.7.1 -> 4.8.1: supported, now unsupported",
        "  4.7.1 to 4.8.1: 4.8.1; now none",
        `- \`${repository} notes.md: the commit at which it was read is not known (rows: advisories.json: seen)\``,
        `- \`${repository} notes.md: commit ${lost} was not fetched (rows: advisories.json: unfetched)\``,
      ])
        assert.ok(report.split("\n").includes(line), `${line}\n${report}`);
      assert.doesNotMatch(report, /advisories\.json: stays/);
      assert.deepEqual(
        readdirSync(join(data, "matrices")).filter((name) => name.includes("4.8.2")),
        ["palette-kubernetes-4.8.2.json"],
      );
    });
  });

  it("negative twin: the same texts at another commit, spaced otherwise, change nothing and write nothing", () => {
    inFolder((folder) => {
      const data = makeData(
        folder,
        advisories.filter(({ id }) => id !== "unfetched" && id !== "elsewhere"),
      );
      const snapshot = join(folder, "snapshot");
      const spaced = { ...before, "notes.md": notes.join("\n\n") };
      writeSnapshot(snapshot, { [then]: before, [now]: spaced, [release]: before });
      writeIn(snapshot, "heads.tsv", `${repository}\tmaster\t${now}\n${repository}\trelease-4-9\t${release}\n`);
      const shipped = readAll(join(data, "matrices"));

      const { report, loud, stdout } = refresh(folder, data);

      assert.deepEqual([report, loud], ["", ""], stdout);
      assert.match(stdout, /^Nothing has changed\.\n\nSources read: 3, as of vendor\/docs master 9{10}\.\n/);
      assert.deepEqual(readAll(join(data, "matrices")), shipped);
    });
  });
});
