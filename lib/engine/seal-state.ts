import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { getErrorMessage } from "../base/errors/errors.js";
import { listClearReleases, sealValues } from "./clear-values.js";
import { type StackState } from "./stack-access.js";

/**
 * Marks Helm values as secrets that an adoption which failed between import and update left in clear text in the
 * stack's state. Returns messages, also naming the older copies that still hold them; empty where nothing was in clear
 * text.
 */
export async function sealState(stack: string, state: StackState): Promise<string[]> {
  try {
    const before = await state.read();
    const names = listClearReleases(before);
    if (names.length === 0) return [];
    await state.write(sealValues(before));
    const left = listClearReleases(await state.read());
    const folder = await state.folder();
    const copies = folder === null ? null : findClearCopies(folder);
    return [describeSealing(stack, names, left.length === 0), ...describeCopies(folder, copies)];
  } catch (error) {
    return [
      `The state of stack ${stack} could not be looked through for Helm values in clear: ${getErrorMessage(error)} A failed adoption leaves them there; run the same command again, which looks again.`,
    ];
  }
}

function describeSealing(stack: string, names: string[], isSealed: boolean): string {
  const what = `The adoption failed after the import, which left the Helm values of ${names.join(", ")} in clear in the state of stack ${stack}`;
  return isSealed
    ? `${what}; the state was rewritten with them encrypted.`
    : `${what}, and they could not be encrypted: treat the state as a secret.`;
}

function describeCopies(folder: string | null, copies: string[] | null): string[] {
  if (copies === null) {
    return [
      "Older checkpoints in the backend's history still hold them: delete those versions, or change the passwords among the values.",
    ];
  }
  if (copies.length === 0) return [];
  return [
    `These older copies in ${folder} still hold them in clear; delete them, or change the passwords among the values: ${copies.join(", ")}`,
  ];
}

/** Finds the files of a file backend with clear-text Helm values, relative to its folder, sorted. */
function findClearCopies(folder: string): string[] {
  return listFiles(join(folder, ".pulumi"))
    .filter((file) => /\.(json|bak|gz)$/.test(file) && listClearReleases(parseFile(file)).length > 0)
    .map((file) => relative(folder, file))
    .sort();
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

function parseFile(file: string): unknown {
  try {
    const bytes = readFileSync(file);
    return JSON.parse((file.includes(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
  } catch {
    return null;
  }
}
