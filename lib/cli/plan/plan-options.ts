import { getErrorMessage, InvalidInputError } from "../../base/errors/errors.js";
import { type SiteFacts } from "../../planning/rules/site-facts.js";
import { readFileSync } from "node:fs";
import { type OwnRow } from "../../planning/plan/types.js";

const booleanFacts = ["pcgs", "reachSystem", "imageSwap", "airgap", "ipBased", "externalMongo"] as const;
const clouds = ["eks", "gke", "aks", "other"] as const;

/** Parses facts of the command line, e.g. `airgap=true` or `cloud=gke`. @throws InvalidInputError `FACT_INVALID`. */
export function parseFacts(values: readonly string[]): SiteFacts {
  return Object.fromEntries(values.map(parseFact));
}

function parseFact(text: string): [name: string, value: boolean | string] {
  const [name = "", value = "", ...more] = text.split("=");
  if (more.length === 0) {
    if (booleanFacts.some((fact) => fact === name) && /^(true|false)$/.test(value)) return [name, value === "true"];
    if (name === "cloud" && clouds.some((cloud) => cloud === value)) return [name, value];
  }
  throw new InvalidInputError("FACT_INVALID", `fact: "${text}" is nothing that can be known of a site.`, {
    next: `Write ${booleanFacts.join(", ")} with =true or =false, or cloud= with ${clouds.join(", ")}.`,
  });
}

const keys = ["from", "to", "approvedBy", "link", "because"] as const;

/**
 * Reads the site's own rows from the command line: `4.7.26->4.7.27` to try one out, or the path of a JSON file with the
 * list as in the stack's `palette:route.extraRows`. @throws InvalidInputError EXTRA_ROW_INVALID.
 */
export function readExtraRows(values: readonly string[]): OwnRow[] {
  return values.flatMap((value) => {
    const [, from, to] = /^\s*([\d.]+)\s*->\s*([\d.]+)\s*$/.exec(value) ?? [];
    if (from === undefined || to === undefined) return readRowsFile(value);
    const because = "It is tried out on the command line; a stack needs its approval in palette:route.extraRows.";
    return [{ from, to, approvedBy: "nobody yet", link: "", because }];
  });
}

function readRowsFile(path: string): OwnRow[] {
  let rows: unknown;
  try {
    rows = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw createExtraRowError(`"${path}" is neither a row nor a file of rows (${getErrorMessage(error)})`);
  }
  if (!Array.isArray(rows)) throw createExtraRowError(`${path} holds no list of rows`);
  return rows.map((row: unknown, index) => {
    const cells = row as Partial<Record<string, unknown>> | null;
    const wrong = keys.find((key) => typeof cells?.[key] !== "string" || cells[key] === "");
    if (wrong !== undefined) throw createExtraRowError(`${path}: row ${index + 1} has no "${wrong}"`);
    return Object.fromEntries(keys.map((key) => [key, cells![key]])) as unknown as OwnRow;
  });
}

function createExtraRowError(what: string): InvalidInputError {
  return new InvalidInputError("EXTRA_ROW_INVALID", `extra-row: ${what}.`, {
    next: `Write 4.7.26->4.7.27 in quotes, or give a JSON file [{${keys.join(", ")}}].`,
  });
}
