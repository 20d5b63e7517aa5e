import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getErrorMessage } from "../../base/errors/errors.js";
import { checksumsFile, formatChecksums, parseChecksums, computeSha256 } from "./checksums.js";
import type { SchemaCheck } from "../../base/text/json-schema.js";
import { getShippedFolder } from "./load.js";
import { formatMatrixFile, parseMatrixFile, type MatrixFile } from "./matrix-file.js";
import { computeMatrixId } from "./lookup.js";
import { findPackageRoot } from "../../base/process/package-root.js";
import type { Matrix } from "./types.js";

/** A file of the folder of matrices. */
export interface MatrixText {
  name: string;
  text: string;
}

/** Checks the shipped matrices. Returns each fault as `file: what`; empty if there is none. */
export async function checkShipped(folder = getShippedFolder()): Promise<string[]> {
  const names = readdirSync(folder).sort();
  const files = names.map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
  return checkMatrices(files, await loadMatrixSchemaCheck());
}

/** Loads the JSON schema of matrix files as a check. The slow compiler is imported only here, never for a plan. */
export async function loadMatrixSchemaCheck(): Promise<SchemaCheck> {
  const { compileSchemaCheck } = await import("../../base/text/json-schema.js");
  return compileSchemaCheck(join(findPackageRoot(), "data", "schemas", "matrix.schema.json"));
}

/** Checks a folder of matrices: schema, ids, order, repeats, contradictions, sources, format and checksums. */
export function checkMatrices(files: readonly MatrixText[], schema: SchemaCheck): string[] {
  const matrices = files.filter((file) => file.name.endsWith(".json"));
  const sums = files.find((file) => file.name === checksumsFile);
  return [
    ...matrices.flatMap((file) => checkFile(file, schema).map((fault) => `${file.name}: ${fault}`)),
    ...checkChecksums(matrices, sums?.text).map((fault) => `${checksumsFile}: ${fault}`),
    ...files.filter((file) => !matrices.includes(file) && file !== sums).map((file) => `${file.name}: not a matrix`),
  ];
}

function checkFile({ name, text }: MatrixText, schema: SchemaCheck): string[] {
  let matrix: Omit<Matrix, "sha256">;
  try {
    matrix = parseMatrixFile(text, "the file");
  } catch (error) {
    return [getErrorMessage(error)];
  }
  const file = JSON.parse(text) as MatrixFile;
  const faults = schema(file).map((fault) => `schema: ${fault}`);
  const id = computeMatrixId(matrix.edition, matrix.method, matrix.rows);
  if (matrix.id !== id) faults.push(`id is ${matrix.id}, its rows make it ${id ?? "nothing, for lack of a release"}`);
  if (name !== `${matrix.id}.json`) faults.push(`the file of ${matrix.id} must be named ${matrix.id}.json`);
  const repeats = file.rows.length - matrix.rows.length;
  if (repeats > 0) faults.push(`rows that repeat an earlier one: ${repeats}`);
  faults.push(...checkRowOrder(matrix), ...checkSource(matrix));
  if (faults.length === 0 && formatMatrixFile(matrix) !== text)
    faults.push("not in the form that `matrix import` writes");
  return faults;
}

/** Checks that rows are in page order: line numbers only increase, and either all rows have one or none has. */
function checkRowOrder({ rows }: Omit<Matrix, "sha256">): string[] {
  const lines = rows.flatMap((row) => row.line ?? []);
  if (lines.length === 0) return [];
  if (lines.length < rows.length) return ["some rows have a line of the page, others have none"];
  const out = lines.findIndex((line, index) => index > 0 && line <= (lines[index - 1] ?? 0));
  return out === -1 ? [] : [`row ${out + 1} (line ${lines[out] ?? 0} of the page) is out of the page's order`];
}

function checkSource({ source, readOn }: Omit<Matrix, "sha256">): string[] {
  const faults: string[] = [];
  if (!/^[\w.-]+\/[\w.-]+$/.test(source.repository))
    faults.push(`source.repository ${source.repository} is not owner/name`);
  if (!/^[0-9a-f]{40}$/.test(source.commit)) faults.push(`source.commit ${source.commit} is no full commit`);
  const day = new Date(`${readOn}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== readOn)
    faults.push(`readOn ${readOn} is no day`);
  return faults;
}

function checkChecksums(matrices: readonly MatrixText[], text: string | undefined): string[] {
  if (text === undefined) return ["missing"];
  const listed = parseChecksums(text);
  const faults = matrices.flatMap(({ name, text: content }) => {
    const sum = listed.get(name);
    if (sum === undefined) return [`${name} is not listed`];
    return sum === computeSha256(content) ? [] : [`${name} has another content than listed`];
  });
  for (const name of listed.keys()) {
    if (!matrices.some((file) => file.name === name)) faults.push(`${name} is listed but missing`);
  }
  if (faults.length === 0 && formatChecksums(listed) !== text) faults.push("not sorted, or lines of another form");
  return faults;
}
