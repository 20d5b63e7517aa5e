import assert from "node:assert/strict";
import {
  checkMatrices,
  checkShipped,
  loadMatrixSchemaCheck,
  type MatrixText,
} from "../../../lib/planning/matrix/check.js";
import type { SchemaCheck } from "../../../lib/base/text/json-schema.js";
import { checksumsFile, formatChecksums, computeSha256 } from "../../../lib/planning/matrix/checksums.js";
import { formatMatrixFile, parseMatrixFile } from "../../../lib/planning/matrix/matrix-file.js";
import { smallMatrix } from "./matrix-texts.js";

type Small = ReturnType<typeof smallMatrix>;

const name = "palette-kubernetes-4.7.20.json";

function folder(spoil: (matrix: Small) => void, file = name): MatrixText[] {
  const matrix = smallMatrix();
  spoil(matrix);
  return withSums([{ name: file, text: formatted(matrix) }]);
}

function formatted(matrix: Small): string {
  const rows = matrix.rows.map((row) => `    ${JSON.stringify(row).replaceAll(",", ", ")}`).join(",\n");
  const sound = formatMatrixFile(parseMatrixFile(JSON.stringify(smallMatrix()), name));
  const head = { id: matrix["id"], readOn: matrix["readOn"] };
  return sound
    .replace(/"rows": \[[\s\S]*\n {2}\]/, `"rows": [\n${rows}\n  ]`)
    .replace(/"id": "[^"]*"/, `"id": ${JSON.stringify(head.id)}`)
    .replace(/"readOn": "[^"]*"/, `"readOn": ${JSON.stringify(head.readOn)}`)
    .replace(/"repository": "[^"]*"/, `"repository": ${JSON.stringify(matrix.source["repository"])}`)
    .replace(/"commit": "[^"]*"/, `"commit": ${JSON.stringify(matrix.source["commit"])}`);
}

function withSums(files: MatrixText[]): MatrixText[] {
  return [
    ...files,
    { name: checksumsFile, text: formatChecksums(new Map(files.map((file) => [file.name, computeSha256(file.text)]))) },
  ];
}

const cases: { fault: string; files: () => MatrixText[] }[] = [
  {
    fault: `${name}: id is palette-kubernetes-4.7.20, its rows make it palette-kubernetes-4.7.21`,
    files: () => folder((m) => (m.rows[0] = ["4.7.3", "4.7.21", "supported", "4.7.x", 5])),
  },
  {
    fault: "other.json: the file of palette-kubernetes-4.7.20 must be named palette-kubernetes-4.7.20.json",
    files: () => folder(() => undefined, "other.json"),
  },
  {
    fault: `${name}: rows that repeat an earlier one: 1`,
    files: () => folder((m) => m.rows.push(["4.1.x", "4.3.6", "unsupported", "", 10])),
  },
  {
    fault: `${name}: row 3 (line 6 of the page) is out of the page's order`,
    files: () => folder((m) => (m.rows[2] = ["4.1.x", "4.3.6", "unsupported", "", 6])),
  },
  {
    fault: `${name}: some rows have a line of the page, others have none`,
    files: () => folder((m) => (m.rows[2] = ["4.1.x", "4.3.6", "unsupported", "", null])),
  },
  {
    fault: `${name}: source.commit fcaedb10 is no full commit`,
    files: () => folder((m) => (m.source["commit"] = "fcaedb10")),
  },
  {
    fault: `${name}: source.repository name is not owner/name`,
    files: () => folder((m) => (m.source["repository"] = "name")),
  },
  { fault: `${name}: readOn 2026-02-30 is no day`, files: () => folder((m) => (m["readOn"] = "2026-02-30")) },
  {
    fault: `${name}: the file: 4.7.3 -> 4.7.20 is supported on line 10 and unsupported on line 13 (lines 5 and 10 of its page).`,
    files: () => folder((m) => m.rows.push(["4.7.3", "4.7.20", "unsupported", "", 10])),
  },
  {
    fault: `${name}: not in the form that \`matrix import\` writes`,
    files: () => withSums([{ name, text: JSON.stringify(smallMatrix()) }]),
  },
  {
    fault: `SHA256SUMS: ${name} has another content than listed`,
    files: () => folder(() => undefined).map((file) => ({ ...file, text: file.text.replace(/^[0-9a-f]{4}/, "0000") })),
  },
  {
    fault: `SHA256SUMS: ${name} is not listed`,
    files: () => [
      { name, text: formatted(smallMatrix()) },
      { name: checksumsFile, text: "" },
    ],
  },
  { fault: "SHA256SUMS: missing", files: () => folder(() => undefined).slice(0, 1) },
  {
    fault: "SHA256SUMS: palette-vmware-4.7.20.json is listed but missing",
    files: () =>
      folder(() => undefined).map((file) =>
        file.name === checksumsFile
          ? { ...file, text: `${file.text}${"0".repeat(64)}  palette-vmware-4.7.20.json\n` }
          : file,
      ),
  },
  {
    fault: "SHA256SUMS: not sorted, or lines of another form",
    files: () =>
      folder(() => undefined).map((file) =>
        file.name === checksumsFile ? { ...file, text: `# sums\n${file.text}` } : file,
      ),
  },
  { fault: "notes.txt: not a matrix", files: () => [...folder(() => undefined), { name: "notes.txt", text: "" }] },
];

describe("matrix check", () => {
  let schema: SchemaCheck;
  before(async () => {
    schema = await loadMatrixSchemaCheck();
  });

  it("finds nothing in the shipped matrices", async () => {
    assert.deepEqual(await checkShipped(), []);
  });

  it("finds nothing in a sound folder", () => {
    assert.deepEqual(
      checkMatrices(
        folder(() => undefined),
        schema,
      ),
      [],
    );
  });

  for (const { fault, files } of cases) {
    it(fault, () => {
      assert.deepEqual(checkMatrices(files(), schema), [fault]);
    });
  }

  it("tells all faults, not the first alone", () => {
    const both = folder((matrix) => {
      matrix.source["commit"] = "x";
      matrix["readOn"] = "2026-13-01";
    });

    assert.equal(checkMatrices(both, schema).length, 2);
  });
});
