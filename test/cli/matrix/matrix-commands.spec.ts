import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  checkMatrices,
  compareMatrices,
  importMatrices,
  listMatrices,
  showMatrix,
  type MatrixImportOptions,
} from "../../../lib/cli/matrix/matrix-commands.js";
import { loadMatrix, getShippedFolder, listShippedIds } from "../../../lib/planning/matrix/load.js";
import { centred, heading } from "../../planning/matrix/page/small-page.js";
import { inFolder, inFolderAsync } from "../../planning/matrix/temporary-folder.js";

const page = [
  "# Palette on Kubernetes",
  "",
  "**4.7.x**",
  "",
  heading,
  centred,
  "| 4.6.41 | 4.7.20 | :white_check_mark: |",
  "| 4.6.41 | 4.7.20 | :white_check_mark: |",
  "| 4.6.43 | 4.7.20 | :x: |",
  "| 4.7.3 | 4.7.a | :x: |",
  "",
].join("\n");

const provenance = { repository: "owner/name", path: "docs/upgrade.md", commit: "a".repeat(40), readOn: "2026-11-21" };

function importing(
  text: string,
  options: Partial<MatrixImportOptions>,
  name = "page.md",
): { text: string; folder: string[] } {
  return inFolder((folder) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    const result = importMatrices(file, { output: "text", folder, ...options });
    assert.equal(result.exitCode, 0);
    return { text: result.text, folder: readAll(folder, options.write === true) };
  });
}

function readAll(folder: string, written: boolean): string[] {
  return written
    ? ["palette-kubernetes-4.7.20.json", "SHA256SUMS"].map((name) => readFileSync(join(folder, name), "utf8"))
    : [];
}

describe("matrix import", () => {
  it("text: counts, and everything left out", () => {
    assert.equal(
      importing(page, {}).text,
      [
        "palette kubernetes: rows 2 (supported 1, unsupported 1, conditional 0), duplicates 1, left out 1",
        "rows there: 4, read: 3, left out: 1",
        'warning: Line 10 left out: its target "4.7.a" is a placeholder, not a release (| 4.7.3 | 4.7.a | :x: |).',
        "",
      ].join("\n"),
    );
  });

  it("json: the contract of design 8", () => {
    assert.deepEqual(JSON.parse(importing(page, { output: "json" }).text), {
      matrices: [
        {
          edition: "palette",
          method: "kubernetes",
          rows: [
            ["4.6.41", "4.7.20", "supported", "4.7.x", 7],
            ["4.6.43", "4.7.20", "unsupported", "4.7.x", 9],
          ],
          counts: { rows: 2, supported: 1, unsupported: 1, conditional: 0, duplicates: 1, leftOut: 1 },
        },
      ],
      leftOut: [
        {
          line: 10,
          reason: 'its target "4.7.a" is a placeholder, not a release',
          text: "| 4.7.3 | 4.7.a | :x: |",
          edition: "palette",
          method: "kubernetes",
        },
      ],
      otherTables: [],
      warnings: ['Line 10 left out: its target "4.7.a" is a placeholder, not a release (| 4.7.3 | 4.7.a | :x: |).'],
    });
  });

  it("--write writes the matrix with its source and checksum, which `check` accepts and loading proves", async () => {
    await inFolderAsync(async (folders) => {
      const [pages, folder] = [join(folders, "page.md"), join(folders, "matrices")];
      mkdirSync(folder);
      writeFileSync(pages, page);
      const write = (): string => importMatrices(pages, { ...provenance, output: "text", write: true, folder }).text;

      assert.match(write(), /\npalette-kubernetes-4\.7\.20\.json: new\n$/);
      assert.match(write(), /\npalette-kubernetes-4\.7\.20\.json: unchanged\n$/);
      assert.deepEqual(await checkMatrices(folder), { text: "All shipped matrices are in order.\n", exitCode: 0 });
      const { source, readOn, rows } = loadMatrix("palette-kubernetes-4.7.20", folder);
      const { repository, path, commit } = provenance;
      assert.deepEqual(
        { source, readOn, rows: rows.length },
        { source: { repository, path, commit }, readOn: "2026-11-21", rows: 2 },
      );

      writeFileSync(pages, page.replace("4.6.43", "4.6.42"));
      assert.match(write(), /: replaced\n$/);
      assert.equal((await checkMatrices(folder)).exitCode, 0);
    });
  });

  it("--changed-only leaves a matrix with the same rows its first source and day, and its checksum with them", () => {
    inFolder((folders) => {
      const [pages, folder] = [join(folders, "page.md"), join(folders, "matrices")];
      mkdirSync(folder);
      writeFileSync(pages, page);
      const write = (changedOnly: boolean, commit: string): string =>
        importMatrices(pages, { ...provenance, commit, output: "text", write: true, changedOnly, folder }).text;
      write(true, provenance.commit);
      const { sha256 } = loadMatrix("palette-kubernetes-4.7.20", folder);

      const later = "f".repeat(40);
      assert.match(write(true, later), /: unchanged\n$/);
      assert.equal(loadMatrix("palette-kubernetes-4.7.20", folder).sha256, sha256);
      assert.match(write(false, later), /: replaced\n$/);
      assert.equal(loadMatrix("palette-kubernetes-4.7.20", folder).source.commit, later);
      writeFileSync(pages, page.replace("4.6.43", "4.6.42"));
      assert.match(write(true, later), /: replaced\n$/);
    });
  });

  it("--write without a source says what is missing", () => {
    assert.throws(() => importing(page, { write: true, repository: "owner/name" }), {
      code: "IMPORT_SOURCE_MISSING",
      exitCode: 2,
      message: "A matrix is only written with its source; --path, --commit missing.",
    });
  });

  it("a matrix that is stopped is named with its rows, exit code 2; the other is read and written", () => {
    const two = [
      "# Palette",
      '<TabItem label="Kubernetes">',
      ...page.split("\n").filter((line) => !line.includes("4.7.a") && !line.startsWith("#")),
      "</TabItem>",
      '<TabItem label="VMware">',
      heading,
      centred,
      "| 4.6.41 | 4.7.3 | :x: |",
      "| 4.6.41 | 4.7.3 | ✅ |",
      "</TabItem>",
      "",
    ].join("\n");
    inFolder((folder) => {
      const file = join(folder, "page.md");
      writeFileSync(file, two);
      const { text, exitCode } = importMatrices(file, { ...provenance, output: "text", write: true, folder });
      assert.equal(exitCode, 2);
      assert.deepEqual(text.split("\n"), [
        "palette kubernetes: rows 2 (supported 1, unsupported 1, conditional 0), duplicates 1, left out 0",
        "rows there: 5, read: 3, left out: 0, stopped: 2",
        "stopped: palette vmware (MATRIX_CONTRADICTION, rows there: 2): The palette vmware rows contradict each other: " +
          "4.6.41 -> 4.7.3 is unsupported on line 16 and supported on line 17. " +
          "Find out which row is right and fix the page; nothing is imported over a contradiction.",
        "palette-kubernetes-4.7.20.json: new",
        "",
      ]);
      const json = JSON.parse(importMatrices(file, { output: "json" }).text) as Record<string, { rows: number }[]>;
      assert.deepEqual(Object.keys(json), ["matrices", "leftOut", "otherTables", "warnings", "stopped"]);
      assert.equal(json["stopped"]?.[0]?.rows, 2);
    });
  });

  it("a table of rows brings its own source", () => {
    const rows = { kubernetes: [["4.6.41", "4.7.20", true, "4.7.x"]] };
    const source = { repo: "owner/name", path: "p.md", commit: "b".repeat(40) };
    const { folder } = importing(
      JSON.stringify({ source, edition: "palette", rows }),
      { write: true, readOn: "2026-11-21" },
      "rows.json",
    );

    assert.match(folder[0] ?? "", /"source": \{ "repository": "owner\/name", "path": "p.md", "commit": "b{40}" \}/);
  });

  it("rows without any exact release cannot be written", () => {
    const wild = [heading, centred, "| 4.1.x | 4.2.x | :x: |", ""].join("\n");

    assert.throws(() => importing(wild, { ...provenance, edition: "palette", method: "vmware", write: true }), {
      code: "MATRIX_WITHOUT_RELEASE",
    });
  });

  for (const [what, path, code] of [
    ["a missing page", join(getShippedFolder(), "no-such-page.md"), "PAGE_MISSING"],
    ["a folder", getShippedFolder(), "PAGE_UNREADABLE"],
  ] as const) {
    it(`${what}: ${code}`, () => {
      assert.throws(() => importMatrices(path, { output: "text" }), { code, exitCode: 2 });
    });
  }
});

describe("matrix list, show, diff, check", () => {
  it("list: text and json tell of the same matrices", () => {
    const ids = (JSON.parse(listMatrices("json").text) as { id: string }[]).map((matrix) => matrix.id);

    assert.deepEqual(ids, listShippedIds());
    const lines = listMatrices("text").text.split("\n");
    assert.equal(lines[0], "MATRIX                     RELEASES  ROWS  SUPPORTED  READ ON     COMMIT");
    assert.equal(lines[1], "palette-kubernetes-4.7.20  39        190   189        2026-11-21  fcaedb10d9");
    assert.deepEqual(
      lines.slice(1, -1).map((line) => line.split(" ")[0]),
      ids,
    );
  });

  it("show: text by section, json row by row", () => {
    const { text } = showMatrix("palette-appliance-4.8.22", "text");

    assert.match(
      text,
      /^palette-appliance-4\.8\.22\nspectrocloud\/librarium docs\/[^\n]*\ncommit 033dad1[^\n]*\nhttps:\/\/github\.com\/[^\n]*\/blob\/033dad1[^\n]*\nsha256 [0-9a-f]{64}\n\n4\.8\n {2}4\.8\.12 -> 4\.8\.22\n/,
    );
    assert.match(text, /\n {2}4\.7\.3 -> 4\.7\.27 \(unsupported\)\n/);
    const shown = JSON.parse(showMatrix("palette-appliance-4.8.22", "json").text) as { rows: unknown[] };
    assert.deepEqual(shown.rows[0], ["4.8.12", "4.8.22", "supported", "4.8", null]);
    assert.equal(shown.rows.length, 12);
  });

  it("diff: text and json", () => {
    const { text } = compareMatrices("palette-vmware-4.9.22", "palette-vmware-4.9.51", "text");

    assert.match(text, /^palette-vmware-4\.9\.22 -> palette-vmware-4\.9\.51\nadded: 29\n/);
    assert.match(text, /\nre-marked: 3\n {2}4\.7\.38 -> 4\.9\.5: supported, now unsupported\n/);
    assert.match(
      text,
      /\nreleases that become stranded: 1\n {2}4\.8\.60: reached 4\.9\.22, is not listed any more\nroutes lost: 5\n/,
    );
    assert.match(text, /\n {2}4\.8\.52 to 4\.9\.22: 4\.9\.22; now none\n/);
    assert.match(
      text,
      /\nroutes won: 29\n {2}4\.8\.52 to 4\.9\.51: 4\.9\.14, 4\.9\.51\n[^]*\n {2}and 9 more \(--output json has all\)\n$/,
    );
    const json = JSON.parse(compareMatrices("palette-vmware-4.9.22", "palette-vmware-4.9.51", "json").text) as Record<
      string,
      unknown[]
    >;
    assert.deepEqual([json["added"]?.length, json["withdrawn"]?.length, json["remarked"]?.length], [29, 5, 3]);
    assert.equal(json["routes"]?.length, 34);
  });

  it("check: matrices and rules, with how many rows each rule file holds", async () => {
    const { text, exitCode } = await checkMatrices();

    assert.equal(exitCode, 0, text);
    assert.match(
      text,
      /^All shipped matrices are in order\.\nAll shipped rules are in order: gates\.json \d+, .*advisories\.json \d+, /,
    );
    assert.match(
      text,
      /\nSources whose commit is not known, for the next refresh:\n( {2}[\w-]+\.json: [\w.-]+: \S+, seen in .+\n)+$/,
    );
  });

  it("check: exit 2 and every fault", async () => {
    await inFolderAsync(async (folder) => {
      writeFileSync(join(folder, "a.json"), "{}");
      const { text, exitCode } = await checkMatrices(folder);

      assert.equal(exitCode, 2);
      assert.match(text, /^a\.json: the file is not a matrix: schemaVersion: missing; /);
      assert.match(text, /\nSHA256SUMS: missing\nfaults: 2\n$/);
    });
  });
});
