import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { messageOf } from "../errors.js";
import { releasesInClear, withValuesSealed } from "./clear-values.js";
import { type StackState } from "./stack-access.js";

/**
 * An adoption that failed between import and update leaves the imported Helm values in clear in the stack's state. Marks them
 * as secrets there, and names the older copies that still hold them. Says nothing where nothing lies in clear.
 */
export async function sealState(stack: string, state: StackState): Promise<string[]> {
  try {
    const before = await state.read();
    const names = releasesInClear(before);
    if (names.length === 0) return [];
    await state.write(withValuesSealed(before));
    const left = releasesInClear(await state.read());
    const folder = await state.folder();
    const copies = folder === null ? null : copiesInClear(folder);
    return [sentence(stack, names, left.length === 0), ...leftOvers(folder, copies)];
  } catch (error) {
    return [
      `The state of stack ${stack} could not be looked through for Helm values in clear: ${messageOf(error)} A failed adoption leaves them there; run the same command again, which looks again.`,
    ];
  }
}

function sentence(stack: string, names: string[], isSealed: boolean): string {
  const what = `The adoption failed after the import, which left the Helm values of ${names.join(", ")} in clear in the state of stack ${stack}`;
  return isSealed
    ? `${what}; the state was rewritten with them encrypted.`
    : `${what}, and they could not be encrypted: treat the state as a secret.`;
}

function leftOvers(folder: string | null, copies: string[] | null): string[] {
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

/** Files of a file backend with Helm values in clear, relative to its folder, sorted. */
function copiesInClear(folder: string): string[] {
  return filesBelow(join(folder, ".pulumi"))
    .filter((file) => /\.(json|bak|gz)$/.test(file) && releasesInClear(parse(file)).length > 0)
    .map((file) => relative(folder, file))
    .sort();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function parse(file: string): unknown {
  try {
    const bytes = readFileSync(file);
    return JSON.parse((file.includes(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
  } catch {
    return null;
  }
}
